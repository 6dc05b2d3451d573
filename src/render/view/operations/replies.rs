//! What a method gives back: its reply, and the pages of it.

use minijinja::Value;

use super::Methods;
use crate::model::operations::{Encoding, Operation, PageEnd, Pagination};
use crate::model::types::Type;
use crate::render::engine::Code;
use crate::render::example::Direction;
use crate::render::view::keyword::unhidden;
use crate::render::view::{code, fields};
use crate::view;

impl Methods<'_> {
    pub fn reply(&self, operation: &Operation) -> Value {
        let Some(content) = &operation.reply.content else {
            let plain = &self.language.types.plain;
            let nothing = Code(plain.get("no_reply").or_else(|| plain.get("nothing")).cloned().unwrap_or_default());
            return view! { kind: "nothing", type: nothing.clone(), outer: nothing, status: operation.reply.status.clone(), is_model: false, is_union: false, is_object: false, is_list: false, required: Vec::<Value>::new(), is_scalar: false, is_null: false, nullable: false, optional: false, media_type: "*/*", accept: () };
        };
        let of = self.types.unaliased(&content.of);
        let outer = self.types.express(&content.of, Direction::Received).code;
        let is_model = self.types.is_record(&of);
        let kind = match content.encoding {
            Encoding::Json | Encoding::Form => "json",
            Encoding::Text => "text",
            _ => "bytes",
        };
        let accept = if kind == "json" && content.media_type == "application/json" {
            Value::from(())
        } else {
            Value::from(content.media_type.clone())
        };
        view! {
            kind: kind,
            type: Code(unhidden(&outer, &self.hidden)),
            outer: Code(outer),
            is_model: is_model,
            required: fields::required_keys(&of, self.types),
            is_object: fields::is_object(&content.of, self.types),
            is_union: matches!(of.not_null(), Type::Union(_) | Type::Literal { .. }) || (matches!(of.not_null(), Type::Named(_)) && !self.types.is_record(of.not_null())),
            is_list: matches!(of.not_null(), Type::List(_)),
            is_scalar: !matches!(of.not_null(), Type::Named(_) | Type::Union(_) | Type::List(_) | Type::Map(_) | Type::Json),
            is_null: content.of == Type::Nothing,
            optional: content.optional && operation.pagination.is_none(),
            nullable: matches!(content.of, Type::Nullable(_)),
            status: operation.reply.status.clone(),
            media_type: content.media_type.clone(),
            accept: accept,
        }
    }

    pub fn pages(&self, operation: &Operation) -> Value {
        let (Some(pagination), Some(content)) = (&operation.pagination, &operation.reply.content) else {
            return Value::from(());
        };
        let path = pagination.items();
        let item = fields::item_type(&content.of, path, self.types);
        let Some(item) = item else { return Value::from(()) };
        let field = |of: &Type, wire: &str| fields::field_access(of, wire, self.types);
        let items = path.map_or(Value::from(()), |wire| field(&content.of, wire));
        let item_type = self.types.express(&item, Direction::Received).code;
        let (mut first, mut end) = (1, "");
        let (kind, parameter, extra) = match pagination {
            Pagination::Link { .. } => ("link", String::new(), Value::from(())),
            Pagination::Offset { offset, .. } => ("offset", offset.clone(), fields::total(&content.of, self.types)),
            Pagination::Page { page, first: number, end: said, .. } => {
                first = *number;
                let (word, path) = match said {
                    Some(PageEnd::More(path)) => ("more", path.as_slice()),
                    Some(PageEnd::Last(path)) => ("last", path.as_slice()),
                    Some(PageEnd::Total(path)) => ("total", path.as_slice()),
                    None => ("", &[][..]),
                };
                let access = fields::access_path(&content.of, path, self.types);
                end = if access.try_iter().is_ok_and(|mut steps| steps.all(|step| step.is_true())) { word } else { "" };
                ("number", page.clone(), access)
            }
            Pagination::Cursor { cursor, next, .. } => {
                ("cursor", cursor.clone(), fields::access_path(&content.of, next, self.types))
            }
            Pagination::Url { next, .. } => ("url", String::new(), fields::access_path(&content.of, next, self.types)),
            Pagination::After { after, id, more, .. } => {
                let (id, more) = (field(&item, id), field(&content.of, more));
                if !id.is_true() || !more.is_true() {
                    return Value::from(());
                }
                ("last_item", after.clone(), view! { id: id, more: more })
            }
        };
        view! { kind: kind, items: items, item: Code(item_type), page: Code(self.types.express(&content.of, Direction::Received).code), reads_field: path.is_some(), wire: path.unwrap_or_default(), parameter: parameter, first: first, end: if end.is_empty() { Value::from(()) } else { code(end) }, extra: extra }
    }
}
