#!/usr/bin/env bash
# Exits with 0 where the broker of this machine, or this container, is ready for calls: for health checks where there is nothing but bash.
trap '' PIPE
exec 3<>"/dev/tcp/127.0.0.1/${SESAME_PORT:-8700}" || exit 1
printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3 2>/dev/null
read -r -t 5 _ status _ <&3 && [ "$status" = 200 ]
