//! Documents in both versions, and what is wrong with some.

use super::*;
use crate::source::documents::Place;
use crate::source::tree::Tree;

const MESSAGES: &str = "{m: {name: Placed, payload: {type: object, properties: {id: {type: string}}}}}";

fn read_yaml(text: &str) -> Result<Service> {
    let documents = Documents::load(Tree::parse("a.yaml", text.as_bytes())?, &Place::Elsewhere)?;
    read(&documents, &Filter::default())
}

fn surface(service: &Service) -> &Channels {
    match &service.surface {
        Surface::Channels(surface) => surface,
        other => panic!("{other:?}"),
    }
}

/// A document of one channel with one message, sent, and more that stands at its top.
fn one(channel: &str, operation: &str, more: &str) -> Service {
    read_yaml(&format!(
        "asyncapi: 3.0.0\nchannels:\n  c: {{messages: {MESSAGES}, {channel}}}\noperations:\n  o: {{channel: {{$ref: '#/channels/c'}}, {operation}}}\n{more}"
    ))
    .unwrap()
}

fn reasons(service: &Service) -> Vec<&str> {
    service.ledger.entries.iter().flat_map(|entry| &entry.reasons).map(|reason| reason.what.as_str()).collect()
}

#[test]
fn the_model_of_a_document_is_the_one_written_by_hand() {
    let text = include_bytes!("../../../tests/cases/queue-asyncapi/source.yaml");
    let documents = Documents::load(Tree::parse("source.yaml", text).unwrap(), &Place::Elsewhere).unwrap();
    let mut read = read(&documents, &Filter::default()).unwrap();
    read.source.hash = crate::lock::hash(text);
    let written: Service = serde_yaml::from_str(include_str!("../../../snapshots/models/orders-queue.yaml")).unwrap();
    same_text(&read, &written);
}

/// Compares line by line, so that a difference says where it is.
fn same_text(read: &Service, written: &Service) {
    let (read, written) = (serde_yaml::to_string(read).unwrap(), serde_yaml::to_string(written).unwrap());
    for (at, (read, written)) in read.lines().zip(written.lines()).enumerate() {
        assert_eq!(read, written, "line {}", at + 1);
    }
    assert_eq!(read, written);
}

#[test]
fn version_2_is_read_from_the_application_s_side() {
    let service = read_yaml(
        "asyncapi: '2.6.0'\nchannels:\n  a/b:\n    subscribe: {operationId: tell, message: {oneOf: [{name: A, payload: {type: string}}, {payload: {type: string}}]}}\n    publish: {message: {$ref: '#/components/messages/B'}}\ncomponents: {messages: {B: {}}}\n",
    )
    .unwrap();
    let names: Vec<&str> = service.ledger.entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["send A on a/b", "send tell message 2 on a/b", "receive B on a/b"]);
    assert_eq!(service.ledger.notes.len(), 1);
    assert_eq!(surface(&service).operations[1].id, "publish a/b");
}

#[test]
fn a_server_that_speaks_something_else_is_said() {
    let servers = "servers: {k: {host: 'k:9092', protocol: kafka}}\n";
    let service = one("address: a", "action: send", servers);
    assert_eq!(reasons(&service), ["the document's server speaks `kafka`; the adapter speaks AMQP 0-9-1"]);
    assert_eq!(surface(&service).channels[0].protocol, "kafka");
    assert_eq!(service.ledger.count(Outcome::Degraded), 1);
}

#[test]
fn a_channel_may_have_another_server_than_the_first() {
    let servers = "servers: {k: {host: k, protocol: kafka}, r: {host: r, protocol: amqp}}\n";
    let service = one("address: a, servers: [{$ref: '#/servers/k'}]", "action: send", servers);
    assert_eq!(surface(&service).channels[0].protocol, "kafka");
    assert_eq!(surface(&one("address: a", "action: send", servers)).channels[0].protocol, "");
}

#[test]
fn err_what_cannot_be_used_is_skipped_with_its_reason() {
    let cases = [
        ("address: null", "action: send", "the channel has no address"),
        ("address: 'a.#'", "action: send", "`a.#` is a pattern, to which nothing can be sent"),
        ("address: a", "action: publish", "`action` is neither `send` nor `receive`"),
        (
            "address: a, bindings: {amqp: {exchange: {name: e, type: headers}}}",
            "action: send",
            "messages are not spread by an exchange of the type `headers`",
        ),
        (
            "address: '{q}', bindings: {amqp: {is: queue}}",
            "action: receive",
            "the name of a queue to receive from has parameters",
        ),
        (
            "address: 'a.{b}', bindings: {amqp: {exchange: {name: e, type: direct}}}",
            "action: receive",
            "a direct exchange is asked for whole keys, and the address to receive from has parameters",
        ),
        ("address: a", "action: send, messages: []", "no message is named"),
        (
            "address: a",
            "action: send, messages: [{$ref: '#/nowhere'}]",
            "`$ref` names `#/nowhere`, which is not defined",
        ),
        (
            "address: a",
            "action: send, messages: [{$ref: 'https://a.test/m.yaml'}]",
            "`$ref` to `https://a.test/m.yaml`: other hosts and schemes are not followed",
        ),
    ];
    for (channel, operation, expected) in cases {
        let service = one(channel, operation, "");
        assert_eq!((service.ledger.count(Outcome::Skipped), reasons(&service)), (1, vec![expected]));
        assert!(surface(&service).operations.is_empty());
    }
}

#[test]
fn err_a_message_that_cannot_be_read_leaves_the_others() {
    let message = |text: &str| {
        let service = read_yaml(&format!(
            "asyncapi: 3.0.0\nchannels:\n  c: {{address: a, bindings: {{amqp: {{exchange: {{name: e}}}}}}, messages: {{ok: {{payload: {{type: string}}}}, bad: {text}}}}}\noperations:\n  o: {{action: send, channel: {{$ref: '#/channels/c'}}}}\n"
        ))
        .unwrap();
        assert_eq!((service.ledger.source, service.ledger.count(Outcome::Generated)), (2, 1));
        assert_eq!(surface(&service).operations[0].messages, ["ok"]);
        reasons(&service)[0].to_owned()
    };
    assert_eq!(message("{contentType: text/csv}"), "messages are read and written as JSON, not as `text/csv`");
    assert_eq!(
        message("{payload: {schemaFormat: 'application/vnd.apache.avro;version=1.9.0', schema: {type: record}}}"),
        "schemas in the format `application/vnd.apache.avro;version=1.9.0` are not read"
    );
    assert_eq!(
        message("{headers: {type: object, properties: {a: {type: array}}}}"),
        "the header `a` is no single value"
    );
    assert_eq!(message("{headers: {type: string}}"), "`headers` are no record of single values".to_owned());
}

#[test]
fn what_is_less_than_the_source_says_is_degraded() {
    let exchange = "address: a, bindings: {amqp: {exchange: {name: e, autoDelete: true}}}";
    assert_eq!(reasons(&one(exchange, "action: send", "")), ["`autoDelete` of the exchange is not read: it stays"]);
    let queue = "address: a, bindings: {amqp: {is: queue, queue: {exclusive: true}}}";
    assert_eq!(
        reasons(&one(queue, "action: receive", "")),
        ["`exclusive: true` of the queue is not read: it is shared, and stays"]
    );
    let priority = "action: send, bindings: {amqp: {priority: 3}}";
    assert_eq!(
        reasons(&one("address: a, bindings: {amqp: {exchange: {name: e}}}", priority, "")),
        ["`priority` is not sent"]
    );
    assert_eq!(
        reasons(&one("address: a", "action: send", "")),
        ["no exchange is named: a topic exchange with the name of the adapter stands in"]
    );
}

#[test]
fn a_parameter_within_a_word_is_degraded_where_it_is_received() {
    let wider = |address: &str, action: &str| {
        let channel = format!("address: '{address}', bindings: {{amqp: {{exchange: {{name: e}}}}}}");
        let service = one(&channel, &format!("action: {action}"), "");
        let channel = &surface(&service).channels[0];
        assert_eq!(channel.is_bound_wider() && action == "receive", !reasons(&service).is_empty());
        (channel.binding(), channel.is_bound_wider())
    };
    assert_eq!(wider("light/{id}/measured", "receive"), ("*".to_owned(), true));
    assert_eq!(wider("light/{id}/measured", "send"), ("*".to_owned(), true));
    assert_eq!(wider("rooms.{room}.light-{id}", "receive"), ("rooms.*.*".to_owned(), true));
    assert_eq!(wider("light.{id}.measured", "receive"), ("light.*.measured".to_owned(), false));
}

#[test]
fn an_address_of_another_protocol_has_dots_and_is_never_empty() {
    let servers = "servers: {w: {host: h, protocol: wss}}\n";
    let key = |address: &str| {
        let service = one(&format!("address: '{address}'"), "action: send", servers);
        surface(&service).channels[0].routing_key(&["id"])
    };
    assert_eq!(key("/a/{id}/b"), "a.{id}.b");
    assert_eq!(key("/"), "c");
}

#[test]
fn a_message_without_payload_holds_nothing() {
    let service = read_yaml(
        "asyncapi: 3.0.0\nchannels:\n  c: {address: a, messages: {m: {}, n: {payload: {}}}}\noperations:\n  o: {action: send, channel: {$ref: '#/channels/c'}}\n",
    )
    .unwrap();
    let payloads: Vec<&Type> = surface(&service).messages.iter().map(|message| &message.payload).collect();
    assert_eq!(payloads, [&Type::Nothing, &Type::Json]);
}

#[test]
fn traits_complete_messages() {
    let service = read_yaml(
        "asyncapi: 3.0.0\nchannels:\n  c: {address: a, messages: {m: {$ref: '#/components/messages/M'}}}\noperations:\n  o: {action: receive, channel: {$ref: '#/channels/c'}}\ncomponents:\n  messages: {M: {traits: [{$ref: '#/components/messageTraits/T'}], payload: {type: integer}}}\n  messageTraits: {T: {summary: Hello., headers: {type: object, properties: {n: {type: integer}}}}}\n",
    )
    .unwrap();
    let message = &surface(&service).messages[0];
    assert_eq!((message.name.as_str(), message.summary.as_str()), ("M", "Hello."));
    assert_eq!(message.headers, Some(Type::Named("M headers".to_owned())));
}

#[test]
fn messages_of_one_name_are_told_apart() {
    let service = read_yaml(
        "asyncapi: 3.0.0\nchannels:\n  c: {address: a, messages: {a: {name: M, payload: {type: integer}}, b: {name: M}}}\noperations:\n  o: {action: receive, channel: {$ref: '#/channels/c'}}\n  p: {action: send, channel: {$ref: '#/channels/c'}}\n",
    )
    .unwrap();
    let names: Vec<&str> = surface(&service).messages.iter().map(|message| message.name.as_str()).collect();
    assert_eq!(names, ["M", "M.2"]);
    assert_eq!(service.ledger.source, 4);
}

#[test]
fn err_a_version_that_is_not_read_says_what_to_do() {
    for (text, place) in [
        ("asyncapi: 1.2.0\ntopics: {}\n", "a.yaml:1:11: AsyncAPI `1.2.0`"),
        ("asyncapi: '2.0.0'\n", "a.yaml:1:1: the document holds no operation"),
    ] {
        let fault = read_yaml(text).unwrap_err().to_string();
        assert!(fault.starts_with(place), "{fault}");
    }
}
