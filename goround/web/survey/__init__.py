"""Answering a survey: signed in, by the code of a wave, or on a device that goes round."""
