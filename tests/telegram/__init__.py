"""A Telegram of our own: a scripted Bot API server over HTTP, with people in it who speak, press, block and leave."""

#: The token of the one bot there is.
TOKEN = "7210000001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
