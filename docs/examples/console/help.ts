/** What `help` prints. */
export const HELP = `connect url [field=value ...]   to mqtt: or mqtts:; without words as the last time
  version=5.0|3.1.1  client-id=  username=  password=ask|env:NAME|file:PATH
  ca=FILE  cert=FILE  key=FILE  passphrase=ask|env:NAME|file:PATH  reject-unauthorized=yes|no
  will-topic=  will-payload= (or will-payload-base64=)  will-qos=  will-retain=yes|no
  clean-start=yes|no  session-expiry=SECONDS  session-file=FILE (keeps the session from run to run)
  keep-alive=SECONDS  connect-timeout=SECONDS  reconnect=yes|no
disconnect, status, quit
pub topic [field=value ...] text|json|hex|base64|file|nothing [payload up to the end of the line]
  qos=0|1|2  retain=yes|no  and for MQTT 5.0
  expiry=SECONDS  content-type=  response-topic=  correlation=  user:NAME=VALUE
sub filter [qos=0|1|2], unsub filter
log [count], show number (all of its payload)
wait [count] [timeout=SECONDS]   for messages that no wait before has waited for
Quotes keep spaces together; a line that begins with # says nothing.`;
