/** What --help prints. */
export const HELP = `Usage: mqtt pub {-t topic {-m message | -f file | -s | -l | -n} | -L url} [options]
       mqtt sub {-t topic ... | -L url} [options]

 Both:
  -h host, -p port     where the server listens; localhost, 1883 or with TLS 8883
  -L url               mqtt(s)://[user[:password]@]host[:port][/topic] or ws(s)://host[:port][/path]
  -A address           the local address to connect from
  -u name, -P password
  -i id, -I prefix     the Client Identifier, or what comes before the process id
  -k seconds           keep alive, 60
  -q 0|1|2             quality of service, 0
  -V mqttv311|mqttv5   the version of MQTT, mqttv311
  -c                   keep the session of the id
  -x seconds           for how long the server keeps the session (MQTT 5.0); -1: for ever
  -D command name ...  a property (MQTT 5.0): -D publish content-type text/plain
  --will-topic, --will-payload, --will-qos, --will-retain
  --cafile, --cert, --key, --keypass, --insecure, --ciphers, --tls-version, --tls-alpn, --tls-use-os-certs
  -d, --quiet          tell more, or nothing

 pub:
  -m message, -f file, -s (all of stdin), -l (each line of stdin), -n (nothing)
  -r                   retained
  -M count             how many messages are under way at most
  --repeat times, --repeat-delay seconds

 sub:
  -C count, -W seconds, -E (exit once subscribed)
  -T filter            leave out what matches
  -U filter            unsubscribe
  -R, --retained-only, --remove-retained
  -v                   print the topic too
  -N                   no line end
  -F format            %t topic, %p payload, %x hex, %j and %J json, %q qos, %r retain, %l length, %I and %U time,
                       %C %D %E %F %P %R %S properties, \\n \\t and so on`;
