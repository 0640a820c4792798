"""What every feature stands on: dispatch, commands, words, times. No network, no clock, no platform."""
