#!/bin/bash
# A host that is off when the lab starts; switched on it is a clean one.
exec /bin/bash /run/lab/roles/clean.sh "$1"
