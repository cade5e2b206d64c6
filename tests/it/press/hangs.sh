#!/bin/sh
# A press that never answers.
exec sleep 600
