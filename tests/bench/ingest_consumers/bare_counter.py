"""paho that only counts: ``bare_counter.py PORT MESSAGES``; nothing decoded, nothing kept."""

import sys

import paho.mqtt.client as mqtt

TOPIC = "pontive/1/up/+/records"


def main(port: int, messages: int) -> None:
    counted = 0

    def on_message(client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        nonlocal counted
        if message.topic == "pontive/1/up/probe/records":
            print("heard", flush=True)
            return
        counted += 1
        if counted == messages:
            print("done", flush=True)
            client.disconnect()

    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "bare-counter", protocol=mqtt.MQTTv5)
    client.on_connect = lambda client, *_: client.subscribe(TOPIC, qos=1)
    client.on_message = on_message
    client.connect("127.0.0.1", port, keepalive=600)
    client.loop_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
