# SPDX-License-Identifier: ISC
# jq -r --slurpfile schema FILE -f schema.jq: what of the input does not fit the
# schema, a line each. As much of JSON Schema 2020-12 as ours uses; a keyword
# that is not known here is an error, so that none is passed over in silence.
def kind: if type == "number" and floor == . then "integer" else type end;
def check($s; $at):
	. as $v
	| ($s | keys - ["$defs", "$ref", "$schema", "additionalProperties",
	    "anyOf", "const", "enum", "items", "minimum", "pattern",
	    "properties", "required", "title", "type"]
	    | .[] | "\($at): the schema has \(.), which is not known here"),
	(if $s["$ref"] then
		($s["$ref"] | ltrimstr("#/$defs/")) as $name
		| $v | check($schema[0]["$defs"][$name]; $at)
	else empty end),
	(if $s.anyOf and ([$s.anyOf[] as $one
	    | [$v | check($one; $at)] | length] | min) > 0
	then "\($at): none of anyOf fits \($v | tojson)" else empty end),
	(if $s | has("const") and $s.const != $v
	then "\($at): is not \($s.const)" else empty end),
	(if $s.enum and ($s.enum | index([$v]) == null)
	then "\($at): \($v | tojson) is not one of \($s.enum | tojson)"
	else empty end),
	(if $s.type and ([$s.type] | flatten
	    | index([$v | kind]) == null and index([$v | type]) == null)
	then "\($at): is a \($v | kind), not \($s.type | tojson)"
	else empty end),
	(if $s.pattern and ($v | type) == "string" and
	    ($v | test($s.pattern) | not)
	then "\($at): \($v | tojson) does not match \($s.pattern)"
	else empty end),
	(if $s | has("minimum") and ($v | type) == "number" and $v < $s.minimum
	then "\($at): \($v) is below \($s.minimum)" else empty end),
	(if $s.required and ($v | type) == "object"
	then $s.required - ($v | keys) | .[] | "\($at): has no \(.)"
	else empty end),
	(if $v | type == "array" and $s.items
	then range($v | length) as $i
	    | $v[$i] | check($s.items; "\($at)[\($i)]")
	else empty end),
	(if $v | type == "object" then $v | keys[] as $k
	    | ($s.properties[$k] // $s.additionalProperties) as $one
	    | if $one then $v[$k] | check($one; "\($at).\($k)") else empty end
	else empty end);
check($schema[0]; "")
