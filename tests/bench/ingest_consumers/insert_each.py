"""What one writes first: ``insert_each.py PORT RECORDS DATABASE``: json, one INSERT and commit a record.

SQLite in WAL at ``synchronous=NORMAL``, which is less than the hub promises and cheaper for it; the
broker is told that a message is dealt with before anything is stored. No dedupe, no validation.
"""

import json
import sqlite3
import sys

import paho.mqtt.client as mqtt

TOPIC = "pontive/1/up/+/records"
TABLE = """CREATE TABLE reading(
    device, epoch, seq, at, clock, boot_id, kind, body, PRIMARY KEY(device, epoch, seq)
)"""


def main(port: int, records: int, database_path: str) -> None:
    database = sqlite3.connect(database_path)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=NORMAL")
    database.execute(TABLE)
    kept = 0

    def on_message(client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        nonlocal kept
        device = message.topic.split("/")[3]
        if device == "probe":
            print("heard", flush=True)
            return
        batch = json.loads(message.payload)
        for record in batch["records"]:
            body = record["body"]
            database.execute(
                "INSERT INTO reading VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    device,
                    batch["epoch"],
                    record["seq"],
                    record["at"],
                    record["clock"],
                    record["boot_id"],
                    body["kind"],
                    json.dumps(body),
                ),
            )
            database.commit()
            kept += 1
        if kept >= records:
            print("done", flush=True)
            client.disconnect()

    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "insert-each", protocol=mqtt.MQTTv5)
    client.on_connect = lambda client, *_: client.subscribe(TOPIC, qos=1)
    client.on_message = on_message
    client.connect("127.0.0.1", port, keepalive=600)
    client.loop_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
