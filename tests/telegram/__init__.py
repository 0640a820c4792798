"""A Telegram of our own: a scripted Bot API server over HTTP, with people in it who speak, press, block and leave."""
