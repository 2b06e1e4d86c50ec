"""Faults put in on purpose: does anything notice when one filter or check is gone?"""
