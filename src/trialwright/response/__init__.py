"""Tumour response by RECIST 1.1: from lesions to the response of each time point."""
