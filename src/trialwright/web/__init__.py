"""The pages: what is asked in a browser, one call into the trial, and the answer as HTML."""
