/// The JSON Schema of every line of the socket. `docs/schemas/wire.schema.json` is this text, held by a test.
package enum WireSchema {
  /// The schema, as JSON.
  package static let text = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "A line of Thenar's consumer socket, protocol 1",
      "description": "What it means: docs/protocol.md. Receivers ignore members and notifications that they do not know.",
      "oneOf": [
        { "$ref": "#/$defs/notification" },
        { "$ref": "#/$defs/answer" },
        { "$ref": "#/$defs/refusal" },
        { "$ref": "#/$defs/request" }
      ],
      "$defs": {
        "notification": {
          "description": "From the hub: a record of the stream, or news of the connection.",
          "type": "object",
          "required": ["jsonrpc", "method", "params"],
          "properties": { "jsonrpc": { "const": "2.0" } },
          "oneOf": [
            { "properties": { "method": { "const": "welcome" }, "params": { "$ref": "#/$defs/params.welcome" } } },
            {
              "properties": { "method": { "const": "measurement" }, "params": { "$ref": "#/$defs/params.measurement" } }
            },
            { "properties": { "method": { "const": "event" }, "params": { "$ref": "#/$defs/params.event" } } },
            { "properties": { "method": { "const": "result" }, "params": { "$ref": "#/$defs/params.result" } } },
            { "properties": { "method": { "const": "device" }, "params": { "$ref": "#/$defs/params.device" } } },
            { "properties": { "method": { "const": "gap" }, "params": { "$ref": "#/$defs/params.gap" } } },
            {
              "properties": { "method": { "const": "snapshot_end" }, "params": { "$ref": "#/$defs/params.snapshot_end" } }
            },
            { "properties": { "method": { "const": "warning" }, "params": { "$ref": "#/$defs/params.warning" } } },
            { "properties": { "method": { "const": "heartbeat" }, "params": { "$ref": "#/$defs/params.heartbeat" } } }
          ]
        },
        "answer": {
          "description": "From the hub: what a request gave. Which one of them, the request says that had this id.",
          "type": "object",
          "required": ["jsonrpc", "id", "result"],
          "properties": {
            "jsonrpc": { "const": "2.0" },
            "id": { "$ref": "#/$defs/id" },
            "result": {
              "anyOf": [
                { "$ref": "#/$defs/result.hello" },
                { "$ref": "#/$defs/result.subscribe" },
                { "$ref": "#/$defs/result.unsubscribe" },
                { "$ref": "#/$defs/result.devices.list" },
                { "$ref": "#/$defs/result.drivers.list" },
                { "$ref": "#/$defs/result.describe" },
                { "$ref": "#/$defs/result.stats" },
                { "$ref": "#/$defs/result.ping" },
                { "$ref": "#/$defs/result.device.command" }
              ]
            }
          }
        },
        "refusal": {
          "description": "From the hub: why a request was not carried out, or, with id null, why the connection ends.",
          "type": "object",
          "required": ["jsonrpc", "id", "error"],
          "properties": {
            "jsonrpc": { "const": "2.0" },
            "id": { "$ref": "#/$defs/id" },
            "error": {
              "type": "object",
              "required": ["code", "message", "data"],
              "properties": {
                "code": { "type": "integer", "minimum": -32768, "maximum": -32000 },
                "message": { "type": "string", "minLength": 1, "description": "One plain sentence fit for a screen." },
                "data": {
                  "type": "object",
                  "required": ["name", "retry"],
                  "properties": {
                    "name": { "$ref": "#/$defs/error_name" },
                    "retry": { "type": "boolean", "description": "The same request may succeed later." },
                    "epoch": { "$ref": "#/$defs/word", "description": "The present one." },
                    "min": { "$ref": "#/$defs/count", "description": "Oldest protocol that the hub speaks." },
                    "max": { "$ref": "#/$defs/count", "description": "Newest protocol that the hub speaks." },
                    "device": { "$ref": "#/$defs/word" }
                  },
                  "allOf": [
                    {
                      "if": { "properties": { "name": { "const": "epoch_changed" } } },
                      "then": { "required": ["epoch"] }
                    },
                    {
                      "if": { "properties": { "name": { "const": "proto_unsupported" } } },
                      "then": { "required": ["min", "max"] }
                    },
                    {
                      "if": { "properties": { "name": { "const": "command_failed" } } },
                      "then": { "required": ["device"] }
                    }
                  ]
                }
              }
            }
          }
        },
        "request": {
          "description": "From a consumer. Without an id it gets no answer.",
          "type": "object",
          "required": ["jsonrpc", "method"],
          "properties": {
            "jsonrpc": { "const": "2.0" },
            "id": { "$ref": "#/$defs/id" },
            "params": { "type": "object" }
          },
          "oneOf": [
            { "properties": { "method": { "const": "hello" }, "params": { "$ref": "#/$defs/request.hello" } } },
            {
              "properties": { "method": { "const": "subscribe" }, "params": { "$ref": "#/$defs/request.subscribe" } }
            },
            {
              "properties": { "method": { "const": "unsubscribe" }, "params": { "$ref": "#/$defs/request.unsubscribe" } }
            },
            { "properties": { "method": { "const": "devices.list" } } },
            { "properties": { "method": { "const": "drivers.list" } } },
            { "properties": { "method": { "const": "describe" } } },
            { "properties": { "method": { "const": "stats" } } },
            { "properties": { "method": { "const": "ping" } } },
            {
              "properties": {
                "method": { "const": "device.command" },
                "params": { "$ref": "#/$defs/request.device.command" }
              },
              "required": ["params"]
            }
          ]
        },

        "request.hello": {
          "properties": {
            "proto": { "type": "integer", "minimum": 0, "maximum": 1000 },
            "client": { "type": "string", "description": "For the log. The first 64 characters count." }
          }
        },
        "request.subscribe": {
          "properties": {
            "sub": { "type": "string", "minLength": 1, "maxLength": 64, "default": "main" },
            "mode": { "$ref": "#/$defs/mode", "default": "all" },
            "filter": {
              "type": "object",
              "description": "What is left out or empty lets everything through.",
              "properties": {
                "device": { "$ref": "#/$defs/words", "description": "Names; * stands for any characters." },
                "kind": {
                  "oneOf": [
                    { "$ref": "#/$defs/record_kind" },
                    { "type": "array", "maxItems": 64, "items": { "$ref": "#/$defs/record_kind" } }
                  ]
                },
                "quantity": { "$ref": "#/$defs/words" },
                "channel": { "$ref": "#/$defs/words" }
              }
            },
            "from": {
              "oneOf": [
                { "enum": ["now", "oldest"] },
                {
                  "type": "object",
                  "required": ["epoch", "seq"],
                  "properties": { "epoch": { "$ref": "#/$defs/word" }, "seq": { "$ref": "#/$defs/count" } }
                }
              ],
              "default": "now"
            },
            "snapshot": { "type": "boolean", "default": true },
            "max_hz": { "type": "number", "minimum": 0.1, "maximum": 100, "default": 20 },
            "delivery": { "$ref": "#/$defs/delivery", "default": "live" }
          }
        },
        "request.unsubscribe": {
          "properties": { "sub": { "type": "string", "default": "main" } }
        },
        "request.device.command": {
          "required": ["device", "command"],
          "properties": {
            "device": { "$ref": "#/$defs/word" },
            "command": { "type": "string", "minLength": 1, "maxLength": 64 },
            "arguments": { "type": "object", "default": {} }
          }
        },

        "result.hello": {
          "type": "object",
          "required": ["proto", "role", "peer", "features", "clock"],
          "properties": {
            "proto": { "$ref": "#/$defs/count" },
            "role": { "enum": ["observer", "operator", "admin"] },
            "peer": {
              "type": "object",
              "required": ["uid", "gid", "pid"],
              "properties": {
                "uid": { "$ref": "#/$defs/count" },
                "gid": { "$ref": "#/$defs/count" },
                "pid": { "$ref": "#/$defs/count" }
              }
            },
            "features": { "type": "array", "items": { "$ref": "#/$defs/word" } },
            "clock": {
              "type": "object",
              "required": ["t_us", "wall_us"],
              "properties": { "t_us": { "$ref": "#/$defs/time" }, "wall_us": { "$ref": "#/$defs/time" } }
            }
          }
        },
        "result.subscribe": {
          "type": "object",
          "required": ["sub", "epoch", "oldest_seq", "head_seq", "start_seq", "replay", "delivery"],
          "properties": {
            "sub": { "$ref": "#/$defs/word" },
            "epoch": { "$ref": "#/$defs/word" },
            "oldest_seq": { "$ref": "#/$defs/count", "description": "Oldest record that is held." },
            "head_seq": { "$ref": "#/$defs/count", "description": "Newest record; 0 before the first." },
            "start_seq": { "$ref": "#/$defs/count", "description": "First record that this subscription can get." },
            "replay": { "type": "boolean", "description": "Records of the past come first." },
            "delivery": { "$ref": "#/$defs/delivery" }
          }
        },
        "result.unsubscribe": {
          "type": "object",
          "required": ["sub"],
          "properties": { "sub": { "$ref": "#/$defs/word" } }
        },
        "result.devices.list": {
          "type": "object",
          "required": ["epoch", "devices"],
          "properties": {
            "epoch": { "$ref": "#/$defs/word" },
            "devices": { "type": "array", "items": { "$ref": "#/$defs/params.device" } }
          }
        },
        "result.drivers.list": {
          "type": "object",
          "required": ["drivers"],
          "properties": { "drivers": { "type": "array", "items": { "$ref": "#/$defs/driver" } } }
        },
        "result.describe": {
          "type": "object",
          "required": ["schema", "errors"],
          "properties": {
            "schema": { "type": "object", "description": "This schema." },
            "errors": {
              "type": "array",
              "items": {
                "type": "object",
                "required": ["name", "code", "retry"],
                "properties": {
                  "name": { "$ref": "#/$defs/error_name" },
                  "code": { "type": "integer" },
                  "retry": { "type": "boolean" }
                }
              }
            }
          }
        },
        "result.stats": { "$ref": "#/$defs/counters" },
        "result.ping": {
          "type": "object",
          "required": ["t_us", "wall_us", "head_seq"],
          "properties": {
            "t_us": { "$ref": "#/$defs/time" },
            "wall_us": { "$ref": "#/$defs/time" },
            "head_seq": { "$ref": "#/$defs/count" }
          }
        },
        "result.device.command": {
          "type": "object",
          "required": ["device", "command", "state"],
          "properties": {
            "device": { "$ref": "#/$defs/word" },
            "command": { "$ref": "#/$defs/word" },
            "state": { "const": "done" }
          }
        },

        "params.welcome": {
          "type": "object",
          "required": ["server", "build", "proto", "epoch", "limits", "heartbeat_ms"],
          "properties": {
            "server": { "const": "thenar" },
            "build": { "$ref": "#/$defs/word" },
            "station": { "$ref": "#/$defs/word" },
            "proto": {
              "type": "object",
              "required": ["min", "max"],
              "properties": { "min": { "$ref": "#/$defs/count" }, "max": { "$ref": "#/$defs/count" } }
            },
            "epoch": { "$ref": "#/$defs/word" },
            "limits": {
              "type": "object",
              "required": ["line", "subscriptions", "queue_bytes", "device_commands"],
              "properties": {
                "line": { "$ref": "#/$defs/count", "description": "Bytes of a request, its newline not counted." },
                "subscriptions": { "$ref": "#/$defs/count", "description": "Of one connection." },
                "queue_bytes": { "$ref": "#/$defs/count", "description": "What may wait for one connection." },
                "device_commands": { "$ref": "#/$defs/count", "description": "Outcomes that a device may owe." }
              }
            },
            "heartbeat_ms": { "$ref": "#/$defs/count" }
          }
        },
        "params.measurement": {
          "oneOf": [{ "$ref": "#/$defs/batch" }, { "$ref": "#/$defs/latest_value" }]
        },
        "batch": {
          "description": "A record: samples of one channel, oldest first.",
          "type": "object",
          "required": ["seq", "device", "channel", "n0", "unit", "t0_us", "wall0_us", "v"],
          "properties": {
            "sub": false,
            "seq": { "$ref": "#/$defs/seq" },
            "device": { "$ref": "#/$defs/word" },
            "channel": { "$ref": "#/$defs/word" },
            "n0": { "$ref": "#/$defs/count", "description": "The channel's own number of the first sample." },
            "unit": { "$ref": "#/$defs/unit" },
            "t0_us": { "$ref": "#/$defs/time", "description": "Station time of the first sample." },
            "dt_us": { "$ref": "#/$defs/count", "description": "Microseconds from sample to sample." },
            "t_us": {
              "type": "array", "items": { "$ref": "#/$defs/count" }, "minItems": 1,
              "description": "Instead of dt_us: each sample's time less t0_us."
            },
            "wall0_us": { "$ref": "#/$defs/time" },
            "t_unc_us": { "$ref": "#/$defs/count" },
            "dev_t0_us": { "$ref": "#/$defs/time", "description": "The instrument's own time of the first sample." },
            "v": { "$ref": "#/$defs/values", "description": "In unit; null where there is no valid number." },
            "raw": { "$ref": "#/$defs/values", "description": "The same samples as the instrument gave them." },
            "raw_unit": { "$ref": "#/$defs/unit" },
            "q": { "$ref": "#/$defs/quality_runs" }
          },
          "dependentRequired": { "raw": ["raw_unit"], "raw_unit": ["raw"] },
          "anyOf": [
            { "required": ["dt_us"] },
            { "required": ["t_us"] },
            { "properties": { "v": { "maxItems": 1 } } }
          ]
        },
        "latest_value": {
          "description": "For one subscription of mode latest: the newest sample of a channel.",
          "type": "object",
          "required": ["sub", "seq", "device", "channel", "n0", "unit", "t0_us", "v", "skipped"],
          "properties": {
            "sub": { "$ref": "#/$defs/word" },
            "seq": { "$ref": "#/$defs/seq", "description": "The record that holds the sample." },
            "device": { "$ref": "#/$defs/word" },
            "channel": { "$ref": "#/$defs/word" },
            "n0": { "$ref": "#/$defs/count" },
            "unit": { "$ref": "#/$defs/unit" },
            "t0_us": { "$ref": "#/$defs/time" },
            "v": { "$ref": "#/$defs/values", "maxItems": 1 },
            "raw": { "$ref": "#/$defs/values", "maxItems": 1 },
            "raw_unit": { "$ref": "#/$defs/unit" },
            "q": { "$ref": "#/$defs/quality_runs" },
            "skipped": { "$ref": "#/$defs/count", "description": "Samples of the channel since the one before this." }
          },
          "dependentRequired": { "raw": ["raw_unit"], "raw_unit": ["raw"] }
        },
        "params.event": {
          "type": "object",
          "required": ["seq", "device", "event", "t_us", "wall_us"],
          "properties": {
            "seq": { "$ref": "#/$defs/seq" },
            "device": { "$ref": "#/$defs/word" },
            "event": { "$ref": "#/$defs/word" },
            "t_us": { "$ref": "#/$defs/time" },
            "wall_us": { "$ref": "#/$defs/time" },
            "t_unc_us": { "$ref": "#/$defs/count" },
            "dev_t_us": { "$ref": "#/$defs/time" },
            "fields": {
              "type": "object",
              "additionalProperties": { "type": ["number", "string", "boolean"] }
            },
            "q": { "$ref": "#/$defs/quality" },
            "raw": { "type": "string", "description": "What the instrument sent." }
          }
        },
        "params.result": {
          "type": "object",
          "required": ["seq", "result", "device", "kind", "state", "at_us", "seqs", "engine", "final", "supersedes"],
          "properties": {
            "seq": { "$ref": "#/$defs/seq" },
            "result": { "$ref": "#/$defs/word", "description": "Its id." },
            "device": { "$ref": "#/$defs/word" },
            "channel": { "$ref": "#/$defs/word" },
            "state": { "enum": ["valid", "void"] },
            "reason": { "$ref": "#/$defs/word" },
            "q": { "$ref": "#/$defs/quality" },
            "at_us": { "$ref": "#/$defs/time", "description": "Of the peak or of the stop." },
            "seqs": {
              "type": "array", "minItems": 2, "maxItems": 2, "items": { "$ref": "#/$defs/seq" },
              "description": "First and last record of the trial."
            },
            "model": { "$ref": "#/$defs/word" },
            "serial": { "$ref": "#/$defs/word" },
            "fw": { "$ref": "#/$defs/word" },
            "driver": { "$ref": "#/$defs/word" },
            "engine": { "$ref": "#/$defs/word" },
            "emulated": { "const": true },
            "final": { "const": true },
            "supersedes": { "type": ["string", "null"] }
          },
          "oneOf": [{ "$ref": "#/$defs/effort" }, { "$ref": "#/$defs/timing" }],
          "if": { "properties": { "state": { "const": "void" } } },
          "then": {
            "required": ["reason"],
            "properties": {
              "peak_N": { "type": "null" }, "peak_raw": false,
              "elapsed_s": { "type": "null" }, "elapsed_us": false
            }
          }
        },
        "effort": {
          "required": ["channel", "peak_N", "onset_us", "release_us", "samples", "baseline_N", "tare", "rule"],
          "properties": {
            "kind": { "const": "effort" },
            "peak_N": { "type": ["number", "null"] },
            "peak_raw": { "type": "number" },
            "raw_unit": { "$ref": "#/$defs/unit" },
            "onset_us": { "$ref": "#/$defs/time" },
            "release_us": { "$ref": "#/$defs/time" },
            "samples": { "$ref": "#/$defs/count" },
            "baseline_N": { "type": ["number", "null"] },
            "tare": { "type": ["string", "null"] },
            "rule": {
              "type": "object",
              "required": ["id", "rev", "onset_N", "onset_hold_us", "release_N", "release_hold_us"],
              "properties": {
                "id": { "$ref": "#/$defs/word" },
                "rev": { "$ref": "#/$defs/count" },
                "onset_N": { "type": "number" },
                "onset_hold_us": { "$ref": "#/$defs/count" },
                "release_N": { "type": "number" },
                "release_hold_us": { "$ref": "#/$defs/count" }
              }
            }
          }
        },
        "timing": {
          "required": ["elapsed_s"],
          "properties": {
            "kind": { "const": "time" },
            "elapsed_s": { "type": ["number", "null"] },
            "elapsed_us": { "$ref": "#/$defs/count" },
            "resolution_us": { "$ref": "#/$defs/count" },
            "clock": { "enum": ["instrument", "station"] },
            "started_by": { "$ref": "#/$defs/word" },
            "stopped_by": { "$ref": "#/$defs/word" }
          }
        },
        "params.device": {
          "type": "object",
          "required": ["seq", "device", "state", "reason", "text", "since_us", "key"],
          "properties": {
            "seq": { "$ref": "#/$defs/seq" },
            "snapshot": { "const": true },
            "device": { "$ref": "#/$defs/word" },
            "state": { "$ref": "#/$defs/device_state" },
            "from": { "$ref": "#/$defs/device_state" },
            "reason": { "type": "string" },
            "text": { "type": "string" },
            "fix": { "$ref": "#/$defs/word" },
            "since_us": { "$ref": "#/$defs/time" },
            "key": {
              "type": "object",
              "required": ["kind", "value"],
              "properties": {
                "kind": { "enum": ["usb-serial", "usb-port", "path", "emulator"] },
                "value": { "$ref": "#/$defs/word" }
              }
            },
            "node": { "$ref": "#/$defs/word" },
            "driver": {
              "type": "object",
              "required": ["id", "version"],
              "properties": { "id": { "$ref": "#/$defs/word" }, "version": { "$ref": "#/$defs/word" } }
            },
            "vendor": { "$ref": "#/$defs/word" },
            "model": { "$ref": "#/$defs/word" },
            "serial": { "$ref": "#/$defs/word" },
            "fw": { "$ref": "#/$defs/word" },
            "battery_pct": { "type": "number" },
            "emulated": { "const": true },
            "channels": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/channel" } },
            "health": { "type": "object", "additionalProperties": { "$ref": "#/$defs/count" } }
          }
        },
        "params.gap": {
          "oneOf": [{ "$ref": "#/$defs/source_gap" }, { "$ref": "#/$defs/consumer_gap" }]
        },
        "source_gap": {
          "description": "A record: samples that were lost before they reached the station. Nobody has them.",
          "type": "object",
          "required": ["seq", "device", "channel", "after_n", "lost_samples", "reason", "t_us", "recoverable"],
          "properties": {
            "seq": { "$ref": "#/$defs/seq" },
            "device": { "$ref": "#/$defs/word" },
            "channel": { "$ref": "#/$defs/word" },
            "after_n": { "$ref": "#/$defs/count", "description": "Samples of the channel before the gap." },
            "lost_samples": { "$ref": "#/$defs/count" },
            "reason": { "$ref": "#/$defs/word" },
            "t_us": { "$ref": "#/$defs/time" },
            "recoverable": { "const": false }
          }
        },
        "consumer_gap": {
          "description": "News of the connection: records that it did not get.",
          "type": "object",
          "required": ["after_seq", "next_seq", "lost_records", "reason", "recoverable"],
          "properties": {
            "seq": false,
            "after_seq": { "$ref": "#/$defs/count" },
            "next_seq": { "$ref": "#/$defs/seq" },
            "lost_records": { "$ref": "#/$defs/count" },
            "lost_samples": { "$ref": "#/$defs/count" },
            "reason": { "enum": ["consumer_slow", "no_longer_held"] },
            "recoverable": { "type": "boolean" }
          },
          "if": { "properties": { "reason": { "const": "consumer_slow" } } },
          "then": { "required": ["lost_samples"] }
        },
        "params.snapshot_end": {
          "type": "object",
          "required": ["sub", "seq"],
          "properties": { "sub": { "$ref": "#/$defs/word" }, "seq": { "$ref": "#/$defs/count" } }
        },
        "params.warning": {
          "type": "object",
          "required": ["name", "queued_bytes", "max_bytes", "text"],
          "properties": {
            "name": { "const": "queue_high" },
            "queued_bytes": { "$ref": "#/$defs/count" },
            "max_bytes": { "$ref": "#/$defs/count" },
            "text": { "$ref": "#/$defs/word" }
          }
        },
        "params.heartbeat": {
          "$ref": "#/$defs/counters",
          "required": ["t_us", "wall_us", "epoch", "head_seq", "sent_seq", "devices", "journal"],
          "properties": {
            "t_us": { "$ref": "#/$defs/time" },
            "wall_us": { "$ref": "#/$defs/time" },
            "epoch": { "$ref": "#/$defs/word" },
            "head_seq": { "$ref": "#/$defs/count" },
            "sent_seq": { "$ref": "#/$defs/count", "description": "Newest record that this connection was sent." },
            "devices": {
              "type": "object",
              "description": "How many devices are in each state.",
              "propertyNames": { "$ref": "#/$defs/device_state" },
              "additionalProperties": { "$ref": "#/$defs/count" }
            },
            "journal": {
              "type": "object",
              "required": ["state", "oldest_seq"],
              "properties": { "state": { "const": "memory" }, "oldest_seq": { "$ref": "#/$defs/count" } }
            }
          }
        },
        "counters": {
          "type": "object",
          "required": ["sent_records", "sent_samples", "lost_records", "lost_samples", "queued_bytes", "subs"],
          "properties": {
            "sent_records": { "$ref": "#/$defs/count" },
            "sent_samples": { "$ref": "#/$defs/count" },
            "lost_records": { "$ref": "#/$defs/count" },
            "lost_samples": { "$ref": "#/$defs/count" },
            "queued_bytes": { "$ref": "#/$defs/count" },
            "subs": {
              "type": "object",
              "additionalProperties": {
                "type": "object",
                "required": ["mode"],
                "properties": { "mode": { "$ref": "#/$defs/mode" }, "skipped": { "$ref": "#/$defs/count" } }
              }
            }
          }
        },

        "channel": {
          "type": "object",
          "required": ["channel", "quantity", "unit"],
          "properties": {
            "channel": { "$ref": "#/$defs/word" },
            "quantity": { "$ref": "#/$defs/word" },
            "unit": { "$ref": "#/$defs/unit" },
            "raw_unit": { "$ref": "#/$defs/unit" },
            "min": { "type": "number" },
            "max": { "type": "number" },
            "resolution": { "type": "number" },
            "interval_us": { "$ref": "#/$defs/count" },
            "t_unc_us": { "$ref": "#/$defs/count" }
          }
        },
        "driver": {
          "type": "object",
          "required": ["state", "file"],
          "properties": {
            "id": { "$ref": "#/$defs/word" },
            "name": { "$ref": "#/$defs/word" },
            "version": { "$ref": "#/$defs/word" },
            "transport": { "enum": ["hid", "serial"] },
            "state": { "enum": ["ok", "refused"] },
            "text": { "$ref": "#/$defs/word", "description": "Why it is refused." },
            "file": { "$ref": "#/$defs/word" },
            "channels": { "type": "array", "items": { "$ref": "#/$defs/channel" } },
            "commands": { "type": "array", "items": { "$ref": "#/$defs/topic" } },
            "settings": { "type": "array", "items": { "$ref": "#/$defs/topic" } },
            "instruments": {
              "type": "array",
              "items": {
                "type": "object",
                "required": ["name", "evidence"],
                "properties": {
                  "name": { "$ref": "#/$defs/word" },
                  "usb": { "$ref": "#/$defs/word" },
                  "evidence": { "$ref": "#/$defs/word" }
                }
              }
            }
          },
          "if": { "properties": { "state": { "const": "ok" } } },
          "then": {
            "required": ["id", "name", "version", "transport", "channels", "commands", "settings", "instruments"]
          },
          "else": { "required": ["text"] }
        },
        "topic": {
          "type": "object",
          "required": ["name", "description"],
          "properties": { "name": { "$ref": "#/$defs/word" }, "description": { "type": "string" } }
        },

        "id": { "type": ["string", "integer", "null"] },
        "word": { "type": "string", "minLength": 1 },
        "words": {
          "oneOf": [{ "type": "string" }, { "type": "array", "maxItems": 64, "items": { "type": "string" } }]
        },
        "unit": { "type": "string", "minLength": 1, "description": "UCUM code." },
        "seq": { "type": "integer", "minimum": 1, "maximum": 9007199254740992, "description": "Number of a record." },
        "count": { "type": "integer", "minimum": 0, "maximum": 9007199254740992 },
        "time": {
          "type": "integer", "minimum": -9007199254740992, "maximum": 9007199254740992,
          "description": "Microseconds."
        },
        "values": { "type": "array", "minItems": 1, "items": { "type": ["number", "null"] } },
        "quality": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/quality_word" } },
        "quality_runs": {
          "type": "array",
          "minItems": 1,
          "description": "[first sample, count, words...]: what there is to say about some samples.",
          "items": {
            "type": "array",
            "minItems": 3,
            "prefixItems": [{ "$ref": "#/$defs/count" }, { "$ref": "#/$defs/seq" }],
            "items": { "$ref": "#/$defs/quality_word" }
          }
        },
        "quality_word": {
          "enum": [
            "in_motion", "stable", "over_range", "under_range", "needs_zero", "needs_calibration",
            "instrument_fault", "no_data", "suspect", "inferred"
          ]
        },
        "record_kind": { "enum": ["measurement", "event", "result", "device", "gap"] },
        "mode": { "enum": ["all", "latest", "results"] },
        "delivery": { "enum": ["live", "committed"] },
        "device_state": {
          "enum": [
            "found", "needs_consent", "starting", "ready", "streaming", "stalled", "lost", "busy_elsewhere",
            "backoff", "quarantined", "disabled", "failed"
          ]
        },
        "error_name": {
          "enum": [
            "parse_error", "invalid_request", "unknown_method", "invalid_params", "proto_unsupported", "hello_timeout",
            "line_too_long", "too_many_subscriptions", "epoch_changed", "not_allowed", "unknown_device",
            "committed_unavailable", "sub_exists", "unknown_sub", "resume_conflict", "device_not_ready",
            "command_failed", "too_many_connections", "consumer_slow", "too_many_errors", "too_many_in_flight",
            "shutting_down"
          ]
        }
      }
    }
    """#

  /// The schema without line breaks, as `describe` sends it.
  package static let line = text.split(separator: "\n").flatMap { Array($0.utf8.drop { $0 == UInt8(ascii: " ") }) }
}
