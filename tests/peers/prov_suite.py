"""Which tests of the `prov` library run through our formats, and which of these are left out, each with its reason.

Only the tests that read or write by one of our formats count. What is left out must fail: once it passes it is to be
taken in.
"""

from __future__ import annotations

from typing import Final

SHARED: Final = (
    "test_statements.py", "test_attributes.py", "test_qnames.py", "test_examples.py", "test_property_roundtrip.py",
    "test_numeric_typing.py", "test_literal_semantics.py", "test_datetime_parsing.py", "test_identifier_slots.py",
    "test_malformed.py",
)  # fmt: skip
# Beside these, by the format's name in `prov`.
OF_FORMAT: Final[dict[str, tuple[str, ...]]] = {
    "json": ("test_json.py", "test_json_schema.py"),
    "provn": ("test_provn.py", "test_provn_corpus.py", "test_provn_escaping.py"),
    "xml": ("test_xml.py", "test_xml_schema.py"),
    "jsonld": ("test_jsonld.py", "test_jsonld_schema.py"),
    "rdf": ("test_rdf.py",),
}
# Modules of its suite that are not run: they test its classes, its scripts, its pictures, its unification, or the
# warnings, the profiles and the guessing of formats of its readers; none of that is a format.

_WARNS: Final = (
    "wants a warning of the library, of what it mends or of what its next version refuses; we refuse or keep it"
)
_WORDS: Final = "wants the words or the class of the library's error; we refuse it too, in our words and with the place"
_KEEPS: Final = "wants it refused; we keep what a document says as text (rules 1 and 32)"
_REFUSES: Final = "reads names without a declared prefix, or nulls, and guesses; we refuse them (PROV-JSON section 2.3)"
_BETTER: Final = "is marked there as a defect of the library, strictly; with our format it passes"
_OPTION: Final = "tests an option or a hook of the library's serializer that ours has not"
_NO_QNAME: Final = "writes a name as text of the type xsd:QName; in our model that is a name or nothing (rule 1)"
_PREFIXES: Final = "wants certain prefixes back; prefixes are aside (rule 4)"
_LOSSLESS: Final = "wants an error where the library can't keep records apart; we keep them, or say what is lost"

EXCLUDED: Final[dict[str, dict[str, str]]] = {
    "json": {
        "test_numeric_typing.py::test_json_dollar_is_always_a_string":
            "wants numbers as typed texts; we write them as JSON numbers, which PROV-JSON section 2.3 has as well",
        "test_literal_semantics.py::test_language_tag_warns_when_read[json]": _WARNS,
        "test_literal_semantics.py::test_empty_json_lang_warns": _WARNS,
        "test_datetime_parsing.py::test_every_reader_warns_about_an_offset_beyond_the_bound[json]": _WARNS,
        "test_malformed.py::test_malformed_file_raises[json-syntax]": _WORDS,
        "test_malformed.py::test_malformed_file_raises[json-empty]": _WORDS,
        "test_json.py::test_qualified_name_encodes_as_xsd_qname":
            "wants the type xsd:QName for names; we write prov:QUALIFIED_NAME, the type that PROV-DM 5.7.3 names",
        "test_json.py::test_unresolvable_qualified_name_literal_stays_opaque": _REFUSES,
        "test_json.py::test_equal_anonymous_relations_share_a_key_and_both_read_back":
            "wants equal relations gathered under one key; we give each its own, which reads back the same",
        "test_json.py::test_repeated_key_warns": _WARNS,
        "test_json.py::test_repeated_key_warns_once_per_object": _WARNS,
        "test_json.py::test_caller_object_hook_still_sees_every_object": _OPTION,
        "test_json.py::test_caller_object_pairs_hook_still_sees_every_pair": _OPTION,
        "test_json.py::test_value_object_keys_a_caller_hook_makes_non_strings_warn": _OPTION,
        "test_json.py::test_value_object_number_parsed_as_a_decimal_warns": _OPTION,
        "test_json.py::test_model_warning_from_a_json_read_names_the_caller": _WARNS,
        "test_json.py::test_time_that_is_not_an_xsd_datetime_raises[ill-formed]": _KEEPS,
        "test_json.py::test_time_that_is_not_an_xsd_datetime_raises[other-datatype]": _KEEPS,
        "test_json.py::test_time_that_is_not_an_xsd_datetime_raises[no-datatype]": _KEEPS,
        "test_json.py::test_time_that_is_not_an_xsd_datetime_raises[lang]": _KEEPS,
        "test_json.py::test_time_that_is_not_an_xsd_datetime_raises[number]": _KEEPS,
        "test_json.py::test_time_that_is_not_an_xsd_datetime_raises[unresolved-datatype]": _WORDS,
        "test_json.py::test_time_that_is_not_an_xsd_datetime_raises[number-datatype]": _WORDS,
        "test_json.py::test_time_that_is_not_an_xsd_datetime_raises[null]": _WORDS,
        "test_json.py::test_time_that_is_not_an_xsd_datetime_raises[bare-number]": _WORDS,
        "test_json.py::test_bare_time_that_is_not_an_xsd_datetime_warns": _WARNS,
        "test_json.py::test_formal_attribute_written_as_an_array_warns": _WARNS,
        "test_json.py::test_had_member_members_resolve_alike": _REFUSES,
        "test_json.py::test_formal_attribute_written_as_an_empty_array_raises": _WORDS,
        "test_json.py::test_formal_attribute_written_as_an_array_of_several_values_raises": _WORDS,
        "test_json.py::test_null_attribute_value_warns": _WARNS,
        "test_json.py::test_null_formal_attribute_warns": _WARNS,
        "test_json.py::test_null_had_member_member_warns": _WARNS,
        "test_json.py::test_formal_attribute_that_is_a_full_iri_warns": _WARNS,
        "test_json.py::test_had_member_full_iri_members_each_warn": _WARNS,
        "test_json.py::test_bundle_key_that_is_a_full_iri_warns": _WARNS,
        "test_json.py::test_formal_attribute_that_is_not_a_string_warns": _WARNS,
        "test_json.py::test_had_member_member_that_is_not_a_string_warns": _WARNS,
        "test_json.py::test_value_object_that_3_3_0_rejects_warns": _WARNS,
    },
    "provn": {
        "test_qnames.py::test_default_namespace_colon_local_part_as_literal_datatype[provn]": _BETTER,
        "test_datetime_parsing.py::test_every_reader_warns_about_an_offset_beyond_the_bound[provn]": _WARNS,
        "test_provn.py::test_bundle_local_prefix_json_round_trip": _PREFIXES,
        "test_provn.py::test_undeclared_xsi_warning_reaches_the_caller": _WARNS,
        "test_provn.py::test_repeated_default_warning_reaches_the_caller": _WARNS,
        "test_provn.py::test_non_pn_prefix_warning_reaches_the_caller": _WARNS,
        "test_provn.py::test_strict_default_after_prefix_warning_reaches_the_caller": _WARNS,
        "test_provn.py::test_strict_predeclared_prefix_warning_reaches_the_caller": _WARNS,
        "test_provn.py::test_non_ws_space_warns_and_reads_as_before": _WARNS,
        "test_provn.py::test_formal_attribute_warning_reaches_the_caller": _WARNS,
        "test_provn.py::test_strict_statement_warning_reaches_the_caller": _WARNS,
        "test_provn_corpus.py::test_provtoolbox_documents_parse[prov-family-graphics.provn]": _BETTER,
        "test_provn_corpus.py::test_provtoolbox_documents_parse[prov-family.provn]": _BETTER,
        "test_provn_escaping.py::test_serialize_strict_matches_get_provn_strict": _OPTION,
    },
    "xml": {
        "test_qnames.py::test_default_namespace_colon_local_part_as_literal_datatype[xml]": _BETTER,
        "test_qnames.py::test_default_namespace_colon_local_part_in_a_bundle_default_namespace[xml]": _BETTER,
        "test_literal_semantics.py::test_language_tag_warns_when_read[xml]": _WARNS,
        "test_datetime_parsing.py::test_every_reader_warns_about_an_offset_beyond_the_bound[xml]": _WARNS,
        "test_malformed.py::test_malformed_file_raises[xml-not-well-formed]": _WORDS,
        "test_malformed.py::test_malformed_file_raises[xml-empty]": _WORDS,
        "test_malformed.py::test_xml_childless_foreign_root_parses_to_empty_document":
            "wants a foreign root read as an empty document; we refuse it",
        "test_xml.py::test_serialization_example_7": _NO_QNAME,
        "test_xml.py::test_other_elements": _WARNS,
        "test_xml.py::test_nested_default_namespace": _PREFIXES,
        "test_xml.py::test_redefining_namespaces": _PREFIXES,
        "test_xml.py::test_non_prov_top_level_element_raises": _WORDS,
        "test_xml.py::test_unrepresentable_sub_element_attribute_warns_and_is_ignored": _WARNS,
        "test_xml.py::test_unrecognised_only_attribute_on_first_sub_element_raises":
            "wants an element with a foreign attribute refused; we read its value, and say what was left out",
        "test_xml.py::test_unrecognised_only_attribute_after_sibling_raises_not_reuses_value":
            "wants an element with a foreign attribute refused; we read its value, and say what was left out",
        "test_xml.py::test_external_entity_does_not_leak_file_contents":
            "wants a document with a DOCTYPE read with the entity left empty; we refuse any DOCTYPE",
        "test_xml.py::test_billion_laughs_does_not_expand": _WORDS,
        "test_xml.py::test_deserialize_ignores_tampered_default_parser":
            "wants a document with a DOCTYPE read with the entity left empty; we refuse any DOCTYPE",
        "test_xml.py::test_force_types_controls_xsi_type_on_non_prov_attributes[True]": _OPTION,
        "test_xml.py::test_nested_reference_child_is_used_with_a_warning": _WARNS,
        "test_xml.py::test_blank_reference_element_without_ref_raises": _WORDS,
        "test_xml.py::test_nested_reference_warning_is_attributed_to_the_caller": _WARNS,
    },
    "jsonld": {
        "test_examples.py::test_all_examples[jsonld]":
            "wants an error for mentionOf; we write it as an extension, and it reads back",
        "test_jsonld.py::test_serialize_mention_raises":
            "wants an error for mentionOf; we write it as an extension, and it reads back",
        "test_jsonld_schema.py::test_example_documents_validate_against_prov_jsonld_schema[url-Bundle2]":
            "wants an error for mentionOf; we write it as an extension, and it reads back",
        "test_jsonld_schema.py::test_example_documents_validate_against_prov_jsonld_schema[embed-Bundle2]":
            "wants an error for mentionOf; we write it as an extension, and it reads back",
        "test_datetime_parsing.py::test_every_reader_warns_about_an_offset_beyond_the_bound[jsonld]": _WARNS,
        "test_literal_semantics.py::test_language_tag_warns_when_read[jsonld]": _WARNS,
        "test_jsonld.py::test_serialize_default_namespace_attribute_uses_absolute_iri_key": _PREFIXES,
        "test_jsonld.py::test_serialize_default_namespace_attribute_colliding_with_reserved_term": _PREFIXES,
        "test_jsonld.py::test_serialize_default_namespace_attribute_colliding_with_formal_attribute": _PREFIXES,
        "test_jsonld.py::test_serialize_context_embed": _OPTION,
        "test_jsonld.py::test_serialize_context_bad_option": _OPTION,
        "test_jsonld.py::test_deserialize_mixed_context_registers_namespace_prefixes":
            "has a term of its own in the context, which is left out in silence there; we refuse it",
        "test_jsonld.py::test_deserialize_malformed[payload5-single]": _WORDS,
        "test_jsonld.py::test_deserialize_malformed[payload6-@type]": _WORDS,
        "test_jsonld.py::test_deserialize_malformed[payload7-@type]": _WORDS,
        "test_jsonld.py::test_deserialize_malformed[payload8-@type]": _WORDS,
        "test_jsonld.py::test_deserialize_malformed[payload9-must be a JSON array; found dict]": _WORDS,
        'test_jsonld.py::test_deserialize_malformed[payload10-A Bundle requires an "@id"]': _WORDS,
        "test_jsonld.py::test_deserialize_membership_empty_entity_array_raises": _WORDS,
        "test_jsonld.py::test_deserialize_membership_member_that_does_not_resolve_raises":
            "wants foo:e2 refused; in JSON-LD a name of no known prefix is an IRI (JSON-LD 1.1 section 5.1)",
        "test_jsonld.py::test_deserialize_node_reference_with_bad_id_raises": _WORDS,
        "test_jsonld.py::test_deserialize_typed_value_that_is_a_full_iri_warns": _WARNS,
        "test_jsonld.py::test_deserialize_unresolvable_bare_string_under_id_typed_term_warns": _WARNS,
    },
    "rdf": {
        "test_attributes.py::test_ill_formed_boolean_stays_a_literal[rdf]": _BETTER,
        "test_datetime_parsing.py::test_every_reader_warns_about_an_offset_beyond_the_bound[rdf]": _WARNS,
        "test_datetime_parsing.py::test_prov_o_time_outside_the_lexical_space_raises": _KEEPS,
        "test_malformed.py::test_malformed_file_raises[rdf-not-turtle]": _WORDS,
        "test_malformed.py::test_rdf_foreign_vocabulary_parses_but_yields_empty_document":
            "wants a file without any PROV read as an empty document; we refuse it",
        "test_malformed.py::test_rdf_empty_file_parses_to_empty_document":
            "wants a file without any PROV read as an empty document; we refuse it",
        "test_rdf.py::test_decode_xsd_qname_gyear_gyearmonth_round_trip": _NO_QNAME,
        "test_rdf.py::test_bundle_local_prefix_collision_keeps_document_level_binding": _PREFIXES,
        "test_rdf.py::test_decode_multi_valued_qualified_relation_produces_cartesian_product":
            "names the activity twice, as subject and by prov:activity; we read each, the same twice",
        "test_rdf.py::test_legacy_qualified_delegation_without_influencer_still_parses":
            "guesses which of two nodes goes with which of two triples, as neither says; we read all that is said",
        "test_rdf.py::test_decode_scruffy_qualified_generation_raises_documented_limitation": _LOSSLESS,
        "test_rdf.py::test_decode_scruffy_relations_raise_documented_limitation": _LOSSLESS,
        "test_rdf.py::test_decode_unrelated_provexception_is_not_relabelled_as_scruffy": _LOSSLESS,
        "test_rdf.py::test_decode_duplicated_started_at_time_on_qualified_start_raises_documented_limitation":
            _LOSSLESS,
        "test_rdf.py::test_json_to_ttl_match": _LOSSLESS,
        "test_rdf.py::test_predicate_under_undeclared_namespace_warns_and_mints": _WARNS,
        "test_rdf.py::test_unmapped_subject_still_warns_and_is_named": _WARNS,
    },
}  # fmt: skip
EXCLUDED["provn"] |= {
    f"test_provn_corpus.py::test_spec_examples_parse_strictly_and_round_trip[{name}.provn]": _WARNS
    for name in (
        "prov-n-example-34", "prov-n-example-35", "prov-n-example-37", "prov-n-example-51", "prov-n-example-63",
        "prov-n-example-64", "prov-dm-example-03", "prov-dm-example-04", "prov-dm-example-16", "prov-dm-example-24",
        "prov-dm-example-27", "prov-dm-example-31", "prov-dm-example-34", "prov-dm-example-42", "prov-dm-example-52",
        "prov-dm-example-53", "prov-dm-example-55", "prov-dm-example-56", "prov-dm-example-61", "prov-dm-example-62",
        "prov-dm-example-63",
    )
}  # fmt: skip
