"""JSON question -> typed call -> JSON answer with its reasons; schemas; the reference cases."""
