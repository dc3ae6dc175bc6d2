"""Predictors: which markers go with response, benefit and survival, honest for few participants."""
