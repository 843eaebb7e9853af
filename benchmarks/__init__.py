"""Measures how long sites of many stories take to build, beside other generators."""
