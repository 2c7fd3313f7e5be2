"""A client made of paho: prints `qos payload` for what comes, or publishes each line of its input.

Usage: python-client.py sub|pub PORT VERSION ID TOPIC QOS [keep] [retain] [will TOPIC]
"""

import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

command, port, version, client_id, topic, qos, *rest = sys.argv[1:]
is_v5 = version == "5"
keep = "keep" in rest
if is_v5:
    client = mqtt.Client(client_id, protocol=mqtt.MQTTv5)
else:
    client = mqtt.Client(client_id, clean_session=not keep, protocol=mqtt.MQTTv311)
if "will" in rest:
    client.will_set(rest[rest.index("will") + 1], "gone", 1)


def say(text):
    print(text, flush=True)


def on_connect(_client, _userdata, flags, code, _properties=None):
    say(f"connected {int(code if isinstance(code, int) else code.value)} {flags['session present']}")
    if command == "sub":
        client.subscribe(topic, int(qos))


client.on_connect = on_connect
client.on_subscribe = lambda *_: say("subscribed")
client.on_message = lambda _c, _u, message: say(f"= {message.qos} {message.payload.decode()}")
options = {}
if is_v5:
    properties = Properties(PacketTypes.CONNECT)
    if keep:
        properties.SessionExpiryInterval = 600
    options = {"clean_start": not keep, "properties": properties}
client.connect("127.0.0.1", int(port), 60, **options)
if command == "sub":
    client.loop_forever()
else:
    client.loop_start()
    for line in sys.stdin:
        client.publish(topic, line.rstrip("\n"), int(qos), "retain" in rest).wait_for_publish(8)
    client.disconnect()
    client.loop_stop()
