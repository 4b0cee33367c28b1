/*
 * pg_proc_rows.c
 *		Compiled rows of pg_proc.  Written by tools/catalog_rows.py.
 */
#include "postgres.h"

#include "catalog/pg_proc.h"

/* clang-format off */
extern Datum PG_char_to_encoding(PG_FUNCTION_ARGS);
extern Datum PG_encoding_to_char(PG_FUNCTION_ARGS);
extern Datum acldefault_sql(PG_FUNCTION_ARGS);
extern Datum aclitemout(PG_FUNCTION_ARGS);
extern Datum any_in(PG_FUNCTION_ARGS);
extern Datum any_out(PG_FUNCTION_ARGS);
extern Datum any_text_concat(PG_FUNCTION_ARGS);
extern Datum anyarray_in(PG_FUNCTION_ARGS);
extern Datum anyarray_out(PG_FUNCTION_ARGS);
extern Datum anyarray_send(PG_FUNCTION_ARGS);
extern Datum anycompatible_in(PG_FUNCTION_ARGS);
extern Datum anycompatible_out(PG_FUNCTION_ARGS);
extern Datum anycompatiblenonarray_in(PG_FUNCTION_ARGS);
extern Datum anycompatiblenonarray_out(PG_FUNCTION_ARGS);
extern Datum anyelement_in(PG_FUNCTION_ARGS);
extern Datum anyelement_out(PG_FUNCTION_ARGS);
extern Datum anynonarray_in(PG_FUNCTION_ARGS);
extern Datum anynonarray_out(PG_FUNCTION_ARGS);
extern Datum array_agg_array_finalfn(PG_FUNCTION_ARGS);
extern Datum array_agg_array_transfn(PG_FUNCTION_ARGS);
extern Datum array_agg_finalfn(PG_FUNCTION_ARGS);
extern Datum array_agg_transfn(PG_FUNCTION_ARGS);
extern Datum array_append(PG_FUNCTION_ARGS);
extern Datum array_cardinality(PG_FUNCTION_ARGS);
extern Datum array_cat(PG_FUNCTION_ARGS);
extern Datum array_dims(PG_FUNCTION_ARGS);
extern Datum array_eq(PG_FUNCTION_ARGS);
extern Datum array_fill(PG_FUNCTION_ARGS);
extern Datum array_fill_with_lower_bounds(PG_FUNCTION_ARGS);
extern Datum array_ge(PG_FUNCTION_ARGS);
extern Datum array_gt(PG_FUNCTION_ARGS);
extern Datum array_in(PG_FUNCTION_ARGS);
extern Datum array_larger(PG_FUNCTION_ARGS);
extern Datum array_le(PG_FUNCTION_ARGS);
extern Datum array_length(PG_FUNCTION_ARGS);
extern Datum array_lower(PG_FUNCTION_ARGS);
extern Datum array_lt(PG_FUNCTION_ARGS);
extern Datum array_ndims(PG_FUNCTION_ARGS);
extern Datum array_ne(PG_FUNCTION_ARGS);
extern Datum array_out(PG_FUNCTION_ARGS);
extern Datum array_position(PG_FUNCTION_ARGS);
extern Datum array_position_start(PG_FUNCTION_ARGS);
extern Datum array_positions(PG_FUNCTION_ARGS);
extern Datum array_prepend(PG_FUNCTION_ARGS);
extern Datum array_recv(PG_FUNCTION_ARGS);
extern Datum array_remove(PG_FUNCTION_ARGS);
extern Datum array_replace(PG_FUNCTION_ARGS);
extern Datum array_send(PG_FUNCTION_ARGS);
extern Datum array_smaller(PG_FUNCTION_ARGS);
extern Datum array_to_halfvec(PG_FUNCTION_ARGS);
extern Datum array_to_sparsevec(PG_FUNCTION_ARGS);
extern Datum array_to_text(PG_FUNCTION_ARGS);
extern Datum array_to_text_null(PG_FUNCTION_ARGS);
extern Datum array_to_vector(PG_FUNCTION_ARGS);
extern Datum array_unnest(PG_FUNCTION_ARGS);
extern Datum array_upper(PG_FUNCTION_ARGS);
extern Datum arraycontained(PG_FUNCTION_ARGS);
extern Datum arraycontains(PG_FUNCTION_ARGS);
extern Datum arrayoverlap(PG_FUNCTION_ARGS);
extern Datum ascii(PG_FUNCTION_ARGS);
extern Datum binary_decode(PG_FUNCTION_ARGS);
extern Datum binary_encode(PG_FUNCTION_ARGS);
extern Datum binary_quantize(PG_FUNCTION_ARGS);
extern Datum bit(PG_FUNCTION_ARGS);
extern Datum bit_and(PG_FUNCTION_ARGS);
extern Datum bit_bit_count(PG_FUNCTION_ARGS);
extern Datum bit_in(PG_FUNCTION_ARGS);
extern Datum bit_or(PG_FUNCTION_ARGS);
extern Datum bit_out(PG_FUNCTION_ARGS);
extern Datum bit_recv(PG_FUNCTION_ARGS);
extern Datum bit_send(PG_FUNCTION_ARGS);
extern Datum bitcat(PG_FUNCTION_ARGS);
extern Datum bitcmp(PG_FUNCTION_ARGS);
extern Datum biteq(PG_FUNCTION_ARGS);
extern Datum bitfromint4(PG_FUNCTION_ARGS);
extern Datum bitfromint8(PG_FUNCTION_ARGS);
extern Datum bitge(PG_FUNCTION_ARGS);
extern Datum bitgetbit(PG_FUNCTION_ARGS);
extern Datum bitgt(PG_FUNCTION_ARGS);
extern Datum bitle(PG_FUNCTION_ARGS);
extern Datum bitlength(PG_FUNCTION_ARGS);
extern Datum bitlt(PG_FUNCTION_ARGS);
extern Datum bitne(PG_FUNCTION_ARGS);
extern Datum bitnot(PG_FUNCTION_ARGS);
extern Datum bitoctetlength(PG_FUNCTION_ARGS);
extern Datum bitoverlay(PG_FUNCTION_ARGS);
extern Datum bitoverlay_no_len(PG_FUNCTION_ARGS);
extern Datum bitposition(PG_FUNCTION_ARGS);
extern Datum bitsetbit(PG_FUNCTION_ARGS);
extern Datum bitshiftleft(PG_FUNCTION_ARGS);
extern Datum bitshiftright(PG_FUNCTION_ARGS);
extern Datum bitsubstr(PG_FUNCTION_ARGS);
extern Datum bitsubstr_no_len(PG_FUNCTION_ARGS);
extern Datum bittoint4(PG_FUNCTION_ARGS);
extern Datum bittoint8(PG_FUNCTION_ARGS);
extern Datum bittypmodin(PG_FUNCTION_ARGS);
extern Datum bittypmodout(PG_FUNCTION_ARGS);
extern Datum bitxor(PG_FUNCTION_ARGS);
extern Datum bool_int4(PG_FUNCTION_ARGS);
extern Datum booland_statefunc(PG_FUNCTION_ARGS);
extern Datum booleq(PG_FUNCTION_ARGS);
extern Datum boolge(PG_FUNCTION_ARGS);
extern Datum boolgt(PG_FUNCTION_ARGS);
extern Datum boolin(PG_FUNCTION_ARGS);
extern Datum boolle(PG_FUNCTION_ARGS);
extern Datum boollt(PG_FUNCTION_ARGS);
extern Datum boolne(PG_FUNCTION_ARGS);
extern Datum boolor_statefunc(PG_FUNCTION_ARGS);
extern Datum boolout(PG_FUNCTION_ARGS);
extern Datum boolrecv(PG_FUNCTION_ARGS);
extern Datum boolsend(PG_FUNCTION_ARGS);
extern Datum booltext(PG_FUNCTION_ARGS);
extern Datum bpchar(PG_FUNCTION_ARGS);
extern Datum bpchar_larger(PG_FUNCTION_ARGS);
extern Datum bpchar_name(PG_FUNCTION_ARGS);
extern Datum bpchar_smaller(PG_FUNCTION_ARGS);
extern Datum bpcharcmp(PG_FUNCTION_ARGS);
extern Datum bpchareq(PG_FUNCTION_ARGS);
extern Datum bpcharge(PG_FUNCTION_ARGS);
extern Datum bpchargt(PG_FUNCTION_ARGS);
extern Datum bpcharin(PG_FUNCTION_ARGS);
extern Datum bpcharle(PG_FUNCTION_ARGS);
extern Datum bpcharlen(PG_FUNCTION_ARGS);
extern Datum bpcharlt(PG_FUNCTION_ARGS);
extern Datum bpcharne(PG_FUNCTION_ARGS);
extern Datum bpcharoctetlen(PG_FUNCTION_ARGS);
extern Datum bpcharout(PG_FUNCTION_ARGS);
extern Datum bpcharrecv(PG_FUNCTION_ARGS);
extern Datum bpcharsend(PG_FUNCTION_ARGS);
extern Datum bpchartypmodin(PG_FUNCTION_ARGS);
extern Datum bpchartypmodout(PG_FUNCTION_ARGS);
extern Datum btarraycmp(PG_FUNCTION_ARGS);
extern Datum btboolcmp(PG_FUNCTION_ARGS);
extern Datum btcharcmp(PG_FUNCTION_ARGS);
extern Datum btfloat48cmp(PG_FUNCTION_ARGS);
extern Datum btfloat4cmp(PG_FUNCTION_ARGS);
extern Datum btfloat84cmp(PG_FUNCTION_ARGS);
extern Datum btfloat8cmp(PG_FUNCTION_ARGS);
extern Datum btint24cmp(PG_FUNCTION_ARGS);
extern Datum btint28cmp(PG_FUNCTION_ARGS);
extern Datum btint2cmp(PG_FUNCTION_ARGS);
extern Datum btint42cmp(PG_FUNCTION_ARGS);
extern Datum btint48cmp(PG_FUNCTION_ARGS);
extern Datum btint4cmp(PG_FUNCTION_ARGS);
extern Datum btint82cmp(PG_FUNCTION_ARGS);
extern Datum btint84cmp(PG_FUNCTION_ARGS);
extern Datum btint8cmp(PG_FUNCTION_ARGS);
extern Datum btnamecmp(PG_FUNCTION_ARGS);
extern Datum btnametextcmp(PG_FUNCTION_ARGS);
extern Datum btoidcmp(PG_FUNCTION_ARGS);
extern Datum btoidvectorcmp(PG_FUNCTION_ARGS);
extern Datum btrim(PG_FUNCTION_ARGS);
extern Datum btrim1(PG_FUNCTION_ARGS);
extern Datum bttext_pattern_cmp(PG_FUNCTION_ARGS);
extern Datum bttextcmp(PG_FUNCTION_ARGS);
extern Datum bttextnamecmp(PG_FUNCTION_ARGS);
extern Datum bttidcmp(PG_FUNCTION_ARGS);
extern Datum byteacat(PG_FUNCTION_ARGS);
extern Datum byteacmp(PG_FUNCTION_ARGS);
extern Datum byteaeq(PG_FUNCTION_ARGS);
extern Datum byteage(PG_FUNCTION_ARGS);
extern Datum byteagt(PG_FUNCTION_ARGS);
extern Datum byteain(PG_FUNCTION_ARGS);
extern Datum byteale(PG_FUNCTION_ARGS);
extern Datum bytealike(PG_FUNCTION_ARGS);
extern Datum bytealt(PG_FUNCTION_ARGS);
extern Datum byteane(PG_FUNCTION_ARGS);
extern Datum byteanlike(PG_FUNCTION_ARGS);
extern Datum byteaoctetlen(PG_FUNCTION_ARGS);
extern Datum byteaout(PG_FUNCTION_ARGS);
extern Datum bytearecv(PG_FUNCTION_ARGS);
extern Datum byteasend(PG_FUNCTION_ARGS);
extern Datum char_bpchar(PG_FUNCTION_ARGS);
extern Datum char_text(PG_FUNCTION_ARGS);
extern Datum chareq(PG_FUNCTION_ARGS);
extern Datum charge(PG_FUNCTION_ARGS);
extern Datum chargt(PG_FUNCTION_ARGS);
extern Datum charin(PG_FUNCTION_ARGS);
extern Datum charle(PG_FUNCTION_ARGS);
extern Datum charlt(PG_FUNCTION_ARGS);
extern Datum charne(PG_FUNCTION_ARGS);
extern Datum charout(PG_FUNCTION_ARGS);
extern Datum charrecv(PG_FUNCTION_ARGS);
extern Datum charsend(PG_FUNCTION_ARGS);
extern Datum chartoi4(PG_FUNCTION_ARGS);
extern Datum chr(PG_FUNCTION_ARGS);
extern Datum cideq(PG_FUNCTION_ARGS);
extern Datum cidin(PG_FUNCTION_ARGS);
extern Datum cidout(PG_FUNCTION_ARGS);
extern Datum cidrecv(PG_FUNCTION_ARGS);
extern Datum cidsend(PG_FUNCTION_ARGS);
extern Datum clock_timestamp(PG_FUNCTION_ARGS);
extern Datum cosine_distance(PG_FUNCTION_ARGS);
extern Datum cstring_in(PG_FUNCTION_ARGS);
extern Datum cstring_out(PG_FUNCTION_ARGS);
extern Datum cstring_recv(PG_FUNCTION_ARGS);
extern Datum cstring_send(PG_FUNCTION_ARGS);
extern Datum current_database(PG_FUNCTION_ARGS);
extern Datum current_schema(PG_FUNCTION_ARGS);
extern Datum current_schemas(PG_FUNCTION_ARGS);
extern Datum current_user(PG_FUNCTION_ARGS);
extern Datum dacos(PG_FUNCTION_ARGS);
extern Datum dasin(PG_FUNCTION_ARGS);
extern Datum dasinh(PG_FUNCTION_ARGS);
extern Datum datan(PG_FUNCTION_ARGS);
extern Datum datan2(PG_FUNCTION_ARGS);
extern Datum date_cmp(PG_FUNCTION_ARGS);
extern Datum date_eq(PG_FUNCTION_ARGS);
extern Datum date_ge(PG_FUNCTION_ARGS);
extern Datum date_gt(PG_FUNCTION_ARGS);
extern Datum date_in(PG_FUNCTION_ARGS);
extern Datum date_larger(PG_FUNCTION_ARGS);
extern Datum date_le(PG_FUNCTION_ARGS);
extern Datum date_lt(PG_FUNCTION_ARGS);
extern Datum date_mi(PG_FUNCTION_ARGS);
extern Datum date_mii(PG_FUNCTION_ARGS);
extern Datum date_ne(PG_FUNCTION_ARGS);
extern Datum date_out(PG_FUNCTION_ARGS);
extern Datum date_pli(PG_FUNCTION_ARGS);
extern Datum date_recv(PG_FUNCTION_ARGS);
extern Datum date_send(PG_FUNCTION_ARGS);
extern Datum date_smaller(PG_FUNCTION_ARGS);
extern Datum date_timestamp(PG_FUNCTION_ARGS);
extern Datum date_timestamptz(PG_FUNCTION_ARGS);
extern Datum dcbrt(PG_FUNCTION_ARGS);
extern Datum dceil(PG_FUNCTION_ARGS);
extern Datum dcos(PG_FUNCTION_ARGS);
extern Datum degrees(PG_FUNCTION_ARGS);
extern Datum dexp(PG_FUNCTION_ARGS);
extern Datum dfloor(PG_FUNCTION_ARGS);
extern Datum dlog1(PG_FUNCTION_ARGS);
extern Datum dlog10(PG_FUNCTION_ARGS);
extern Datum dpi(PG_FUNCTION_ARGS);
extern Datum dpow(PG_FUNCTION_ARGS);
extern Datum drandom(PG_FUNCTION_ARGS);
extern Datum dround(PG_FUNCTION_ARGS);
extern Datum dsign(PG_FUNCTION_ARGS);
extern Datum dsin(PG_FUNCTION_ARGS);
extern Datum dsinh(PG_FUNCTION_ARGS);
extern Datum dsqrt(PG_FUNCTION_ARGS);
extern Datum dtan(PG_FUNCTION_ARGS);
extern Datum dtanh(PG_FUNCTION_ARGS);
extern Datum dtof(PG_FUNCTION_ARGS);
extern Datum dtoi2(PG_FUNCTION_ARGS);
extern Datum dtoi4(PG_FUNCTION_ARGS);
extern Datum dtoi8(PG_FUNCTION_ARGS);
extern Datum dtrunc(PG_FUNCTION_ARGS);
extern Datum event_trigger_in(PG_FUNCTION_ARGS);
extern Datum event_trigger_out(PG_FUNCTION_ARGS);
extern Datum extract_date(PG_FUNCTION_ARGS);
extern Datum extract_interval(PG_FUNCTION_ARGS);
extern Datum extract_timestamp(PG_FUNCTION_ARGS);
extern Datum extract_timestamptz(PG_FUNCTION_ARGS);
extern Datum fdw_handler_in(PG_FUNCTION_ARGS);
extern Datum fdw_handler_out(PG_FUNCTION_ARGS);
extern Datum float48div(PG_FUNCTION_ARGS);
extern Datum float48eq(PG_FUNCTION_ARGS);
extern Datum float48ge(PG_FUNCTION_ARGS);
extern Datum float48gt(PG_FUNCTION_ARGS);
extern Datum float48le(PG_FUNCTION_ARGS);
extern Datum float48lt(PG_FUNCTION_ARGS);
extern Datum float48mi(PG_FUNCTION_ARGS);
extern Datum float48mul(PG_FUNCTION_ARGS);
extern Datum float48ne(PG_FUNCTION_ARGS);
extern Datum float48pl(PG_FUNCTION_ARGS);
extern Datum float4_accum(PG_FUNCTION_ARGS);
extern Datum float4_numeric(PG_FUNCTION_ARGS);
extern Datum float4abs(PG_FUNCTION_ARGS);
extern Datum float4div(PG_FUNCTION_ARGS);
extern Datum float4eq(PG_FUNCTION_ARGS);
extern Datum float4ge(PG_FUNCTION_ARGS);
extern Datum float4gt(PG_FUNCTION_ARGS);
extern Datum float4in(PG_FUNCTION_ARGS);
extern Datum float4larger(PG_FUNCTION_ARGS);
extern Datum float4le(PG_FUNCTION_ARGS);
extern Datum float4lt(PG_FUNCTION_ARGS);
extern Datum float4mi(PG_FUNCTION_ARGS);
extern Datum float4mul(PG_FUNCTION_ARGS);
extern Datum float4ne(PG_FUNCTION_ARGS);
extern Datum float4out(PG_FUNCTION_ARGS);
extern Datum float4pl(PG_FUNCTION_ARGS);
extern Datum float4recv(PG_FUNCTION_ARGS);
extern Datum float4send(PG_FUNCTION_ARGS);
extern Datum float4smaller(PG_FUNCTION_ARGS);
extern Datum float4um(PG_FUNCTION_ARGS);
extern Datum float4up(PG_FUNCTION_ARGS);
extern Datum float84div(PG_FUNCTION_ARGS);
extern Datum float84eq(PG_FUNCTION_ARGS);
extern Datum float84ge(PG_FUNCTION_ARGS);
extern Datum float84gt(PG_FUNCTION_ARGS);
extern Datum float84le(PG_FUNCTION_ARGS);
extern Datum float84lt(PG_FUNCTION_ARGS);
extern Datum float84mi(PG_FUNCTION_ARGS);
extern Datum float84mul(PG_FUNCTION_ARGS);
extern Datum float84ne(PG_FUNCTION_ARGS);
extern Datum float84pl(PG_FUNCTION_ARGS);
extern Datum float8_accum(PG_FUNCTION_ARGS);
extern Datum float8_avg(PG_FUNCTION_ARGS);
extern Datum float8_combine(PG_FUNCTION_ARGS);
extern Datum float8_numeric(PG_FUNCTION_ARGS);
extern Datum float8_stddev_pop(PG_FUNCTION_ARGS);
extern Datum float8_stddev_samp(PG_FUNCTION_ARGS);
extern Datum float8_timestamptz(PG_FUNCTION_ARGS);
extern Datum float8_var_pop(PG_FUNCTION_ARGS);
extern Datum float8_var_samp(PG_FUNCTION_ARGS);
extern Datum float8abs(PG_FUNCTION_ARGS);
extern Datum float8div(PG_FUNCTION_ARGS);
extern Datum float8eq(PG_FUNCTION_ARGS);
extern Datum float8ge(PG_FUNCTION_ARGS);
extern Datum float8gt(PG_FUNCTION_ARGS);
extern Datum float8in(PG_FUNCTION_ARGS);
extern Datum float8larger(PG_FUNCTION_ARGS);
extern Datum float8le(PG_FUNCTION_ARGS);
extern Datum float8lt(PG_FUNCTION_ARGS);
extern Datum float8mi(PG_FUNCTION_ARGS);
extern Datum float8mul(PG_FUNCTION_ARGS);
extern Datum float8ne(PG_FUNCTION_ARGS);
extern Datum float8out(PG_FUNCTION_ARGS);
extern Datum float8pl(PG_FUNCTION_ARGS);
extern Datum float8recv(PG_FUNCTION_ARGS);
extern Datum float8send(PG_FUNCTION_ARGS);
extern Datum float8smaller(PG_FUNCTION_ARGS);
extern Datum float8um(PG_FUNCTION_ARGS);
extern Datum float8up(PG_FUNCTION_ARGS);
extern Datum format_type(PG_FUNCTION_ARGS);
extern Datum ftod(PG_FUNCTION_ARGS);
extern Datum ftoi2(PG_FUNCTION_ARGS);
extern Datum ftoi4(PG_FUNCTION_ARGS);
extern Datum ftoi8(PG_FUNCTION_ARGS);
extern Datum gen_random_uuid(PG_FUNCTION_ARGS);
extern Datum generate_series_int4(PG_FUNCTION_ARGS);
extern Datum generate_series_int8(PG_FUNCTION_ARGS);
extern Datum generate_series_step_int4(PG_FUNCTION_ARGS);
extern Datum generate_series_step_int8(PG_FUNCTION_ARGS);
extern Datum generate_subscripts(PG_FUNCTION_ARGS);
extern Datum generate_subscripts_nodir(PG_FUNCTION_ARGS);
extern Datum getdatabaseencoding(PG_FUNCTION_ARGS);
extern Datum halfvec(PG_FUNCTION_ARGS);
extern Datum halfvec_accum(PG_FUNCTION_ARGS);
extern Datum halfvec_add(PG_FUNCTION_ARGS);
extern Datum halfvec_avg(PG_FUNCTION_ARGS);
extern Datum halfvec_binary_quantize(PG_FUNCTION_ARGS);
extern Datum halfvec_cmp(PG_FUNCTION_ARGS);
extern Datum halfvec_concat(PG_FUNCTION_ARGS);
extern Datum halfvec_cosine_distance(PG_FUNCTION_ARGS);
extern Datum halfvec_eq(PG_FUNCTION_ARGS);
extern Datum halfvec_ge(PG_FUNCTION_ARGS);
extern Datum halfvec_gt(PG_FUNCTION_ARGS);
extern Datum halfvec_in(PG_FUNCTION_ARGS);
extern Datum halfvec_inner_product(PG_FUNCTION_ARGS);
extern Datum halfvec_l1_distance(PG_FUNCTION_ARGS);
extern Datum halfvec_l2_distance(PG_FUNCTION_ARGS);
extern Datum halfvec_l2_norm(PG_FUNCTION_ARGS);
extern Datum halfvec_l2_normalize(PG_FUNCTION_ARGS);
extern Datum halfvec_l2_squared_distance(PG_FUNCTION_ARGS);
extern Datum halfvec_le(PG_FUNCTION_ARGS);
extern Datum halfvec_lt(PG_FUNCTION_ARGS);
extern Datum halfvec_mul(PG_FUNCTION_ARGS);
extern Datum halfvec_ne(PG_FUNCTION_ARGS);
extern Datum halfvec_negative_inner_product(PG_FUNCTION_ARGS);
extern Datum halfvec_out(PG_FUNCTION_ARGS);
extern Datum halfvec_recv(PG_FUNCTION_ARGS);
extern Datum halfvec_send(PG_FUNCTION_ARGS);
extern Datum halfvec_spherical_distance(PG_FUNCTION_ARGS);
extern Datum halfvec_sub(PG_FUNCTION_ARGS);
extern Datum halfvec_subvector(PG_FUNCTION_ARGS);
extern Datum halfvec_to_float4(PG_FUNCTION_ARGS);
extern Datum halfvec_to_sparsevec(PG_FUNCTION_ARGS);
extern Datum halfvec_to_vector(PG_FUNCTION_ARGS);
extern Datum halfvec_typmod_in(PG_FUNCTION_ARGS);
extern Datum halfvec_vector_dims(PG_FUNCTION_ARGS);
extern Datum hamming_distance(PG_FUNCTION_ARGS);
extern Datum has_database_privilege_id(PG_FUNCTION_ARGS);
extern Datum has_database_privilege_id_id(PG_FUNCTION_ARGS);
extern Datum has_database_privilege_id_name(PG_FUNCTION_ARGS);
extern Datum has_database_privilege_name(PG_FUNCTION_ARGS);
extern Datum has_database_privilege_name_id(PG_FUNCTION_ARGS);
extern Datum has_database_privilege_name_name(PG_FUNCTION_ARGS);
extern Datum has_schema_privilege_id(PG_FUNCTION_ARGS);
extern Datum has_schema_privilege_id_id(PG_FUNCTION_ARGS);
extern Datum has_schema_privilege_id_name(PG_FUNCTION_ARGS);
extern Datum has_schema_privilege_name(PG_FUNCTION_ARGS);
extern Datum has_schema_privilege_name_id(PG_FUNCTION_ARGS);
extern Datum has_schema_privilege_name_name(PG_FUNCTION_ARGS);
extern Datum has_table_privilege_id(PG_FUNCTION_ARGS);
extern Datum has_table_privilege_id_id(PG_FUNCTION_ARGS);
extern Datum has_table_privilege_id_name(PG_FUNCTION_ARGS);
extern Datum has_table_privilege_name(PG_FUNCTION_ARGS);
extern Datum has_table_privilege_name_id(PG_FUNCTION_ARGS);
extern Datum has_table_privilege_name_name(PG_FUNCTION_ARGS);
extern Datum hnsw_bit_support(PG_FUNCTION_ARGS);
extern Datum hnsw_halfvec_support(PG_FUNCTION_ARGS);
extern Datum hnsw_sparsevec_support(PG_FUNCTION_ARGS);
extern Datum hnswhandler(PG_FUNCTION_ARGS);
extern Datum i2tod(PG_FUNCTION_ARGS);
extern Datum i2tof(PG_FUNCTION_ARGS);
extern Datum i2toi4(PG_FUNCTION_ARGS);
extern Datum i4tochar(PG_FUNCTION_ARGS);
extern Datum i4tod(PG_FUNCTION_ARGS);
extern Datum i4tof(PG_FUNCTION_ARGS);
extern Datum i4toi2(PG_FUNCTION_ARGS);
extern Datum i8tod(PG_FUNCTION_ARGS);
extern Datum i8tof(PG_FUNCTION_ARGS);
extern Datum i8tooid(PG_FUNCTION_ARGS);
extern Datum index_am_handler_in(PG_FUNCTION_ARGS);
extern Datum index_am_handler_out(PG_FUNCTION_ARGS);
extern Datum inet_in(PG_FUNCTION_ARGS);
extern Datum inet_out(PG_FUNCTION_ARGS);
extern Datum inet_recv(PG_FUNCTION_ARGS);
extern Datum inet_send(PG_FUNCTION_ARGS);
extern Datum injection_points_attach(PG_FUNCTION_ARGS);
extern Datum injection_points_detach(PG_FUNCTION_ARGS);
extern Datum injection_points_hits(PG_FUNCTION_ARGS);
extern Datum injection_points_record(PG_FUNCTION_ARGS);
extern Datum injection_points_run(PG_FUNCTION_ARGS);
extern Datum injection_points_set_local(PG_FUNCTION_ARGS);
extern Datum injection_points_wakeup(PG_FUNCTION_ARGS);
extern Datum injection_points_wakeup_pid(PG_FUNCTION_ARGS);
extern Datum injection_steps(PG_FUNCTION_ARGS);
extern Datum injection_steps_begin(PG_FUNCTION_ARGS);
extern Datum injection_steps_end(PG_FUNCTION_ARGS);
extern Datum injection_steps_verdict(PG_FUNCTION_ARGS);
extern Datum inner_product(PG_FUNCTION_ARGS);
extern Datum int24div(PG_FUNCTION_ARGS);
extern Datum int24eq(PG_FUNCTION_ARGS);
extern Datum int24ge(PG_FUNCTION_ARGS);
extern Datum int24gt(PG_FUNCTION_ARGS);
extern Datum int24le(PG_FUNCTION_ARGS);
extern Datum int24lt(PG_FUNCTION_ARGS);
extern Datum int24mi(PG_FUNCTION_ARGS);
extern Datum int24mul(PG_FUNCTION_ARGS);
extern Datum int24ne(PG_FUNCTION_ARGS);
extern Datum int24pl(PG_FUNCTION_ARGS);
extern Datum int28(PG_FUNCTION_ARGS);
extern Datum int28div(PG_FUNCTION_ARGS);
extern Datum int28eq(PG_FUNCTION_ARGS);
extern Datum int28ge(PG_FUNCTION_ARGS);
extern Datum int28gt(PG_FUNCTION_ARGS);
extern Datum int28le(PG_FUNCTION_ARGS);
extern Datum int28lt(PG_FUNCTION_ARGS);
extern Datum int28mi(PG_FUNCTION_ARGS);
extern Datum int28mul(PG_FUNCTION_ARGS);
extern Datum int28ne(PG_FUNCTION_ARGS);
extern Datum int28pl(PG_FUNCTION_ARGS);
extern Datum int2_accum(PG_FUNCTION_ARGS);
extern Datum int2_avg_accum(PG_FUNCTION_ARGS);
extern Datum int2_numeric(PG_FUNCTION_ARGS);
extern Datum int2_sum(PG_FUNCTION_ARGS);
extern Datum int2abs(PG_FUNCTION_ARGS);
extern Datum int2and(PG_FUNCTION_ARGS);
extern Datum int2div(PG_FUNCTION_ARGS);
extern Datum int2eq(PG_FUNCTION_ARGS);
extern Datum int2ge(PG_FUNCTION_ARGS);
extern Datum int2gt(PG_FUNCTION_ARGS);
extern Datum int2in(PG_FUNCTION_ARGS);
extern Datum int2int4_sum(PG_FUNCTION_ARGS);
extern Datum int2larger(PG_FUNCTION_ARGS);
extern Datum int2le(PG_FUNCTION_ARGS);
extern Datum int2lt(PG_FUNCTION_ARGS);
extern Datum int2mi(PG_FUNCTION_ARGS);
extern Datum int2mod(PG_FUNCTION_ARGS);
extern Datum int2mul(PG_FUNCTION_ARGS);
extern Datum int2ne(PG_FUNCTION_ARGS);
extern Datum int2not(PG_FUNCTION_ARGS);
extern Datum int2or(PG_FUNCTION_ARGS);
extern Datum int2out(PG_FUNCTION_ARGS);
extern Datum int2pl(PG_FUNCTION_ARGS);
extern Datum int2recv(PG_FUNCTION_ARGS);
extern Datum int2send(PG_FUNCTION_ARGS);
extern Datum int2shl(PG_FUNCTION_ARGS);
extern Datum int2shr(PG_FUNCTION_ARGS);
extern Datum int2smaller(PG_FUNCTION_ARGS);
extern Datum int2um(PG_FUNCTION_ARGS);
extern Datum int2up(PG_FUNCTION_ARGS);
extern Datum int2vectorin(PG_FUNCTION_ARGS);
extern Datum int2vectorout(PG_FUNCTION_ARGS);
extern Datum int2vectorrecv(PG_FUNCTION_ARGS);
extern Datum int2vectorsend(PG_FUNCTION_ARGS);
extern Datum int2xor(PG_FUNCTION_ARGS);
extern Datum int42div(PG_FUNCTION_ARGS);
extern Datum int42eq(PG_FUNCTION_ARGS);
extern Datum int42ge(PG_FUNCTION_ARGS);
extern Datum int42gt(PG_FUNCTION_ARGS);
extern Datum int42le(PG_FUNCTION_ARGS);
extern Datum int42lt(PG_FUNCTION_ARGS);
extern Datum int42mi(PG_FUNCTION_ARGS);
extern Datum int42mul(PG_FUNCTION_ARGS);
extern Datum int42ne(PG_FUNCTION_ARGS);
extern Datum int42pl(PG_FUNCTION_ARGS);
extern Datum int48(PG_FUNCTION_ARGS);
extern Datum int48div(PG_FUNCTION_ARGS);
extern Datum int48eq(PG_FUNCTION_ARGS);
extern Datum int48ge(PG_FUNCTION_ARGS);
extern Datum int48gt(PG_FUNCTION_ARGS);
extern Datum int48le(PG_FUNCTION_ARGS);
extern Datum int48lt(PG_FUNCTION_ARGS);
extern Datum int48mi(PG_FUNCTION_ARGS);
extern Datum int48mul(PG_FUNCTION_ARGS);
extern Datum int48ne(PG_FUNCTION_ARGS);
extern Datum int48pl(PG_FUNCTION_ARGS);
extern Datum int4_accum(PG_FUNCTION_ARGS);
extern Datum int4_avg_accum(PG_FUNCTION_ARGS);
extern Datum int4_avg_combine(PG_FUNCTION_ARGS);
extern Datum int4_bool(PG_FUNCTION_ARGS);
extern Datum int4_numeric(PG_FUNCTION_ARGS);
extern Datum int4_sum(PG_FUNCTION_ARGS);
extern Datum int4abs(PG_FUNCTION_ARGS);
extern Datum int4and(PG_FUNCTION_ARGS);
extern Datum int4div(PG_FUNCTION_ARGS);
extern Datum int4eq(PG_FUNCTION_ARGS);
extern Datum int4gcd(PG_FUNCTION_ARGS);
extern Datum int4ge(PG_FUNCTION_ARGS);
extern Datum int4gt(PG_FUNCTION_ARGS);
extern Datum int4in(PG_FUNCTION_ARGS);
extern Datum int4inc(PG_FUNCTION_ARGS);
extern Datum int4larger(PG_FUNCTION_ARGS);
extern Datum int4le(PG_FUNCTION_ARGS);
extern Datum int4lt(PG_FUNCTION_ARGS);
extern Datum int4mi(PG_FUNCTION_ARGS);
extern Datum int4mod(PG_FUNCTION_ARGS);
extern Datum int4mul(PG_FUNCTION_ARGS);
extern Datum int4ne(PG_FUNCTION_ARGS);
extern Datum int4not(PG_FUNCTION_ARGS);
extern Datum int4or(PG_FUNCTION_ARGS);
extern Datum int4out(PG_FUNCTION_ARGS);
extern Datum int4pl(PG_FUNCTION_ARGS);
extern Datum int4recv(PG_FUNCTION_ARGS);
extern Datum int4send(PG_FUNCTION_ARGS);
extern Datum int4shl(PG_FUNCTION_ARGS);
extern Datum int4shr(PG_FUNCTION_ARGS);
extern Datum int4smaller(PG_FUNCTION_ARGS);
extern Datum int4um(PG_FUNCTION_ARGS);
extern Datum int4up(PG_FUNCTION_ARGS);
extern Datum int4xor(PG_FUNCTION_ARGS);
extern Datum int82(PG_FUNCTION_ARGS);
extern Datum int82div(PG_FUNCTION_ARGS);
extern Datum int82eq(PG_FUNCTION_ARGS);
extern Datum int82ge(PG_FUNCTION_ARGS);
extern Datum int82gt(PG_FUNCTION_ARGS);
extern Datum int82le(PG_FUNCTION_ARGS);
extern Datum int82lt(PG_FUNCTION_ARGS);
extern Datum int82mi(PG_FUNCTION_ARGS);
extern Datum int82mul(PG_FUNCTION_ARGS);
extern Datum int82ne(PG_FUNCTION_ARGS);
extern Datum int82pl(PG_FUNCTION_ARGS);
extern Datum int84(PG_FUNCTION_ARGS);
extern Datum int84div(PG_FUNCTION_ARGS);
extern Datum int84eq(PG_FUNCTION_ARGS);
extern Datum int84ge(PG_FUNCTION_ARGS);
extern Datum int84gt(PG_FUNCTION_ARGS);
extern Datum int84le(PG_FUNCTION_ARGS);
extern Datum int84lt(PG_FUNCTION_ARGS);
extern Datum int84mi(PG_FUNCTION_ARGS);
extern Datum int84mul(PG_FUNCTION_ARGS);
extern Datum int84ne(PG_FUNCTION_ARGS);
extern Datum int84pl(PG_FUNCTION_ARGS);
extern Datum int8_accum(PG_FUNCTION_ARGS);
extern Datum int8_avg(PG_FUNCTION_ARGS);
extern Datum int8_avg_accum(PG_FUNCTION_ARGS);
extern Datum int8_numeric(PG_FUNCTION_ARGS);
extern Datum int8abs(PG_FUNCTION_ARGS);
extern Datum int8and(PG_FUNCTION_ARGS);
extern Datum int8dec(PG_FUNCTION_ARGS);
extern Datum int8dec_any(PG_FUNCTION_ARGS);
extern Datum int8div(PG_FUNCTION_ARGS);
extern Datum int8eq(PG_FUNCTION_ARGS);
extern Datum int8gcd(PG_FUNCTION_ARGS);
extern Datum int8ge(PG_FUNCTION_ARGS);
extern Datum int8gt(PG_FUNCTION_ARGS);
extern Datum int8in(PG_FUNCTION_ARGS);
extern Datum int8inc(PG_FUNCTION_ARGS);
extern Datum int8inc_any(PG_FUNCTION_ARGS);
extern Datum int8larger(PG_FUNCTION_ARGS);
extern Datum int8le(PG_FUNCTION_ARGS);
extern Datum int8lt(PG_FUNCTION_ARGS);
extern Datum int8mi(PG_FUNCTION_ARGS);
extern Datum int8mod(PG_FUNCTION_ARGS);
extern Datum int8mul(PG_FUNCTION_ARGS);
extern Datum int8ne(PG_FUNCTION_ARGS);
extern Datum int8not(PG_FUNCTION_ARGS);
extern Datum int8or(PG_FUNCTION_ARGS);
extern Datum int8out(PG_FUNCTION_ARGS);
extern Datum int8pl(PG_FUNCTION_ARGS);
extern Datum int8recv(PG_FUNCTION_ARGS);
extern Datum int8send(PG_FUNCTION_ARGS);
extern Datum int8shl(PG_FUNCTION_ARGS);
extern Datum int8shr(PG_FUNCTION_ARGS);
extern Datum int8smaller(PG_FUNCTION_ARGS);
extern Datum int8um(PG_FUNCTION_ARGS);
extern Datum int8up(PG_FUNCTION_ARGS);
extern Datum int8xor(PG_FUNCTION_ARGS);
extern Datum internal_in(PG_FUNCTION_ARGS);
extern Datum internal_out(PG_FUNCTION_ARGS);
extern Datum interval_cmp(PG_FUNCTION_ARGS);
extern Datum interval_div(PG_FUNCTION_ARGS);
extern Datum interval_eq(PG_FUNCTION_ARGS);
extern Datum interval_ge(PG_FUNCTION_ARGS);
extern Datum interval_gt(PG_FUNCTION_ARGS);
extern Datum interval_in(PG_FUNCTION_ARGS);
extern Datum interval_larger(PG_FUNCTION_ARGS);
extern Datum interval_le(PG_FUNCTION_ARGS);
extern Datum interval_lt(PG_FUNCTION_ARGS);
extern Datum interval_mi(PG_FUNCTION_ARGS);
extern Datum interval_mul(PG_FUNCTION_ARGS);
extern Datum interval_ne(PG_FUNCTION_ARGS);
extern Datum interval_out(PG_FUNCTION_ARGS);
extern Datum interval_part(PG_FUNCTION_ARGS);
extern Datum interval_pl(PG_FUNCTION_ARGS);
extern Datum interval_recv(PG_FUNCTION_ARGS);
extern Datum interval_send(PG_FUNCTION_ARGS);
extern Datum interval_smaller(PG_FUNCTION_ARGS);
extern Datum interval_um(PG_FUNCTION_ARGS);
extern Datum ivfflat_bit_support(PG_FUNCTION_ARGS);
extern Datum ivfflat_halfvec_support(PG_FUNCTION_ARGS);
extern Datum ivfflathandler(PG_FUNCTION_ARGS);
extern Datum jaccard_distance(PG_FUNCTION_ARGS);
extern Datum json_in(PG_FUNCTION_ARGS);
extern Datum json_out(PG_FUNCTION_ARGS);
extern Datum json_recv(PG_FUNCTION_ARGS);
extern Datum json_send(PG_FUNCTION_ARGS);
extern Datum l1_distance(PG_FUNCTION_ARGS);
extern Datum l2_distance(PG_FUNCTION_ARGS);
extern Datum l2_normalize(PG_FUNCTION_ARGS);
extern Datum language_handler_in(PG_FUNCTION_ARGS);
extern Datum language_handler_out(PG_FUNCTION_ARGS);
extern Datum like_escape(PG_FUNCTION_ARGS);
extern Datum lower(PG_FUNCTION_ARGS);
extern Datum lpad(PG_FUNCTION_ARGS);
extern Datum lpad_blanks(PG_FUNCTION_ARGS);
extern Datum ltrim(PG_FUNCTION_ARGS);
extern Datum ltrim1(PG_FUNCTION_ARGS);
extern Datum md5_bytea(PG_FUNCTION_ARGS);
extern Datum md5_text(PG_FUNCTION_ARGS);
extern Datum name_bpchar(PG_FUNCTION_ARGS);
extern Datum name_text(PG_FUNCTION_ARGS);
extern Datum nameeq(PG_FUNCTION_ARGS);
extern Datum nameeqtext(PG_FUNCTION_ARGS);
extern Datum namege(PG_FUNCTION_ARGS);
extern Datum namegetext(PG_FUNCTION_ARGS);
extern Datum namegt(PG_FUNCTION_ARGS);
extern Datum namegttext(PG_FUNCTION_ARGS);
extern Datum nameiclike(PG_FUNCTION_ARGS);
extern Datum nameicnlike(PG_FUNCTION_ARGS);
extern Datum nameicregexeq(PG_FUNCTION_ARGS);
extern Datum nameicregexne(PG_FUNCTION_ARGS);
extern Datum namein(PG_FUNCTION_ARGS);
extern Datum namele(PG_FUNCTION_ARGS);
extern Datum nameletext(PG_FUNCTION_ARGS);
extern Datum namelike(PG_FUNCTION_ARGS);
extern Datum namelt(PG_FUNCTION_ARGS);
extern Datum namelttext(PG_FUNCTION_ARGS);
extern Datum namene(PG_FUNCTION_ARGS);
extern Datum namenetext(PG_FUNCTION_ARGS);
extern Datum namenlike(PG_FUNCTION_ARGS);
extern Datum nameout(PG_FUNCTION_ARGS);
extern Datum namerecv(PG_FUNCTION_ARGS);
extern Datum nameregexeq(PG_FUNCTION_ARGS);
extern Datum nameregexne(PG_FUNCTION_ARGS);
extern Datum namesend(PG_FUNCTION_ARGS);
extern Datum now(PG_FUNCTION_ARGS);
extern Datum numeric(PG_FUNCTION_ARGS);
extern Datum numeric_abs(PG_FUNCTION_ARGS);
extern Datum numeric_accum(PG_FUNCTION_ARGS);
extern Datum numeric_add(PG_FUNCTION_ARGS);
extern Datum numeric_avg(PG_FUNCTION_ARGS);
extern Datum numeric_avg_accum(PG_FUNCTION_ARGS);
extern Datum numeric_ceil(PG_FUNCTION_ARGS);
extern Datum numeric_cmp(PG_FUNCTION_ARGS);
extern Datum numeric_div(PG_FUNCTION_ARGS);
extern Datum numeric_div_trunc(PG_FUNCTION_ARGS);
extern Datum numeric_eq(PG_FUNCTION_ARGS);
extern Datum numeric_fac(PG_FUNCTION_ARGS);
extern Datum numeric_float4(PG_FUNCTION_ARGS);
extern Datum numeric_float8(PG_FUNCTION_ARGS);
extern Datum numeric_floor(PG_FUNCTION_ARGS);
extern Datum numeric_ge(PG_FUNCTION_ARGS);
extern Datum numeric_gt(PG_FUNCTION_ARGS);
extern Datum numeric_in(PG_FUNCTION_ARGS);
extern Datum numeric_inc(PG_FUNCTION_ARGS);
extern Datum numeric_int2(PG_FUNCTION_ARGS);
extern Datum numeric_int4(PG_FUNCTION_ARGS);
extern Datum numeric_int8(PG_FUNCTION_ARGS);
extern Datum numeric_larger(PG_FUNCTION_ARGS);
extern Datum numeric_le(PG_FUNCTION_ARGS);
extern Datum numeric_lt(PG_FUNCTION_ARGS);
extern Datum numeric_mod(PG_FUNCTION_ARGS);
extern Datum numeric_mul(PG_FUNCTION_ARGS);
extern Datum numeric_ne(PG_FUNCTION_ARGS);
extern Datum numeric_out(PG_FUNCTION_ARGS);
extern Datum numeric_poly_avg(PG_FUNCTION_ARGS);
extern Datum numeric_poly_stddev_pop(PG_FUNCTION_ARGS);
extern Datum numeric_poly_stddev_samp(PG_FUNCTION_ARGS);
extern Datum numeric_poly_sum(PG_FUNCTION_ARGS);
extern Datum numeric_poly_var_pop(PG_FUNCTION_ARGS);
extern Datum numeric_poly_var_samp(PG_FUNCTION_ARGS);
extern Datum numeric_recv(PG_FUNCTION_ARGS);
extern Datum numeric_round(PG_FUNCTION_ARGS);
extern Datum numeric_round_whole(PG_FUNCTION_ARGS);
extern Datum numeric_scale(PG_FUNCTION_ARGS);
extern Datum numeric_send(PG_FUNCTION_ARGS);
extern Datum numeric_sign(PG_FUNCTION_ARGS);
extern Datum numeric_smaller(PG_FUNCTION_ARGS);
extern Datum numeric_sqrt(PG_FUNCTION_ARGS);
extern Datum numeric_stddev_pop(PG_FUNCTION_ARGS);
extern Datum numeric_stddev_samp(PG_FUNCTION_ARGS);
extern Datum numeric_sub(PG_FUNCTION_ARGS);
extern Datum numeric_sum(PG_FUNCTION_ARGS);
extern Datum numeric_trunc(PG_FUNCTION_ARGS);
extern Datum numeric_trunc_whole(PG_FUNCTION_ARGS);
extern Datum numeric_uminus(PG_FUNCTION_ARGS);
extern Datum numeric_uplus(PG_FUNCTION_ARGS);
extern Datum numeric_var_pop(PG_FUNCTION_ARGS);
extern Datum numeric_var_samp(PG_FUNCTION_ARGS);
extern Datum numerictypmodin(PG_FUNCTION_ARGS);
extern Datum numerictypmodout(PG_FUNCTION_ARGS);
extern Datum obj_description(PG_FUNCTION_ARGS);
extern Datum octets_bit_length(PG_FUNCTION_ARGS);
extern Datum oideq(PG_FUNCTION_ARGS);
extern Datum oidge(PG_FUNCTION_ARGS);
extern Datum oidgt(PG_FUNCTION_ARGS);
extern Datum oidin(PG_FUNCTION_ARGS);
extern Datum oidlarger(PG_FUNCTION_ARGS);
extern Datum oidle(PG_FUNCTION_ARGS);
extern Datum oidlt(PG_FUNCTION_ARGS);
extern Datum oidne(PG_FUNCTION_ARGS);
extern Datum oidout(PG_FUNCTION_ARGS);
extern Datum oidrecv(PG_FUNCTION_ARGS);
extern Datum oidsend(PG_FUNCTION_ARGS);
extern Datum oidsmaller(PG_FUNCTION_ARGS);
extern Datum oidtoi8(PG_FUNCTION_ARGS);
extern Datum oidvectoreq(PG_FUNCTION_ARGS);
extern Datum oidvectorge(PG_FUNCTION_ARGS);
extern Datum oidvectorgt(PG_FUNCTION_ARGS);
extern Datum oidvectorin(PG_FUNCTION_ARGS);
extern Datum oidvectorle(PG_FUNCTION_ARGS);
extern Datum oidvectorlt(PG_FUNCTION_ARGS);
extern Datum oidvectorne(PG_FUNCTION_ARGS);
extern Datum oidvectorout(PG_FUNCTION_ARGS);
extern Datum oidvectorrecv(PG_FUNCTION_ARGS);
extern Datum oidvectorsend(PG_FUNCTION_ARGS);
extern Datum oidvectortypes(PG_FUNCTION_ARGS);
extern Datum parallel_sum(PG_FUNCTION_ARGS);
extern Datum pg_backend_pid(PG_FUNCTION_ARGS);
extern Datum pg_blocking_pids(PG_FUNCTION_ARGS);
extern Datum pg_cancel_backend(PG_FUNCTION_ARGS);
extern Datum pg_client_encoding(PG_FUNCTION_ARGS);
extern Datum pg_collation_is_visible(PG_FUNCTION_ARGS);
extern Datum pg_column_compression(PG_FUNCTION_ARGS);
extern Datum pg_column_size(PG_FUNCTION_ARGS);
extern Datum pg_conversion_is_visible(PG_FUNCTION_ARGS);
extern Datum pg_current_wal_flush_lsn(PG_FUNCTION_ARGS);
extern Datum pg_current_wal_insert_lsn(PG_FUNCTION_ARGS);
extern Datum pg_current_wal_lsn(PG_FUNCTION_ARGS);
extern Datum pg_current_xact_id(PG_FUNCTION_ARGS);
extern Datum pg_current_xact_id_if_assigned(PG_FUNCTION_ARGS);
extern Datum pg_database_size_name(PG_FUNCTION_ARGS);
extern Datum pg_database_size_oid(PG_FUNCTION_ARGS);
extern Datum pg_ddl_command_in(PG_FUNCTION_ARGS);
extern Datum pg_ddl_command_out(PG_FUNCTION_ARGS);
extern Datum pg_describe_object(PG_FUNCTION_ARGS);
extern Datum pg_function_is_visible(PG_FUNCTION_ARGS);
extern Datum pg_get_constraintdef(PG_FUNCTION_ARGS);
extern Datum pg_get_constraintdef_ext(PG_FUNCTION_ARGS);
extern Datum pg_get_expr(PG_FUNCTION_ARGS);
extern Datum pg_get_expr_ext(PG_FUNCTION_ARGS);
extern Datum pg_get_function_arguments(PG_FUNCTION_ARGS);
extern Datum pg_get_function_identity_arguments(PG_FUNCTION_ARGS);
extern Datum pg_get_function_result(PG_FUNCTION_ARGS);
extern Datum pg_get_function_sqlbody(PG_FUNCTION_ARGS);
extern Datum pg_get_indexdef(PG_FUNCTION_ARGS);
extern Datum pg_get_indexdef_ext(PG_FUNCTION_ARGS);
extern Datum pg_get_partkeydef(PG_FUNCTION_ARGS);
extern Datum pg_get_replica_identity_index(PG_FUNCTION_ARGS);
extern Datum pg_get_ruledef(PG_FUNCTION_ARGS);
extern Datum pg_get_ruledef_ext(PG_FUNCTION_ARGS);
extern Datum pg_get_statisticsobjdef_columns(PG_FUNCTION_ARGS);
extern Datum pg_get_triggerdef(PG_FUNCTION_ARGS);
extern Datum pg_get_triggerdef_ext(PG_FUNCTION_ARGS);
extern Datum pg_get_userbyid(PG_FUNCTION_ARGS);
extern Datum pg_get_viewdef(PG_FUNCTION_ARGS);
extern Datum pg_get_viewdef_ext(PG_FUNCTION_ARGS);
extern Datum pg_has_role_id(PG_FUNCTION_ARGS);
extern Datum pg_has_role_id_id(PG_FUNCTION_ARGS);
extern Datum pg_has_role_id_name(PG_FUNCTION_ARGS);
extern Datum pg_has_role_name(PG_FUNCTION_ARGS);
extern Datum pg_has_role_name_id(PG_FUNCTION_ARGS);
extern Datum pg_has_role_name_name(PG_FUNCTION_ARGS);
extern Datum pg_indexes_size(PG_FUNCTION_ARGS);
extern Datum pg_is_in_recovery(PG_FUNCTION_ARGS);
extern Datum pg_is_other_temp_schema(PG_FUNCTION_ARGS);
extern Datum pg_lsn_cmp(PG_FUNCTION_ARGS);
extern Datum pg_lsn_eq(PG_FUNCTION_ARGS);
extern Datum pg_lsn_ge(PG_FUNCTION_ARGS);
extern Datum pg_lsn_gt(PG_FUNCTION_ARGS);
extern Datum pg_lsn_in(PG_FUNCTION_ARGS);
extern Datum pg_lsn_larger(PG_FUNCTION_ARGS);
extern Datum pg_lsn_le(PG_FUNCTION_ARGS);
extern Datum pg_lsn_lt(PG_FUNCTION_ARGS);
extern Datum pg_lsn_mi(PG_FUNCTION_ARGS);
extern Datum pg_lsn_ne(PG_FUNCTION_ARGS);
extern Datum pg_lsn_out(PG_FUNCTION_ARGS);
extern Datum pg_lsn_recv(PG_FUNCTION_ARGS);
extern Datum pg_lsn_send(PG_FUNCTION_ARGS);
extern Datum pg_lsn_smaller(PG_FUNCTION_ARGS);
extern Datum pg_my_temp_schema(PG_FUNCTION_ARGS);
extern Datum pg_node_tree_in(PG_FUNCTION_ARGS);
extern Datum pg_node_tree_out(PG_FUNCTION_ARGS);
extern Datum pg_node_tree_send(PG_FUNCTION_ARGS);
extern Datum pg_opclass_is_visible(PG_FUNCTION_ARGS);
extern Datum pg_operator_is_visible(PG_FUNCTION_ARGS);
extern Datum pg_opfamily_is_visible(PG_FUNCTION_ARGS);
extern Datum pg_relation_filenode(PG_FUNCTION_ARGS);
extern Datum pg_relation_filepath(PG_FUNCTION_ARGS);
extern Datum pg_relation_is_publishable(PG_FUNCTION_ARGS);
extern Datum pg_relation_size(PG_FUNCTION_ARGS);
extern Datum pg_relation_size_main(PG_FUNCTION_ARGS);
extern Datum pg_reload_conf(PG_FUNCTION_ARGS);
extern Datum pg_size_bytes(PG_FUNCTION_ARGS);
extern Datum pg_size_pretty(PG_FUNCTION_ARGS);
extern Datum pg_size_pretty_numeric(PG_FUNCTION_ARGS);
extern Datum pg_sleep(PG_FUNCTION_ARGS);
extern Datum pg_stat_clear_snapshot(PG_FUNCTION_ARGS);
extern Datum pg_stat_force_next_flush(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_analyze_count(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_autoanalyze_count(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_autovacuum_count(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_dead_tuples(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_ins_since_vacuum(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_last_analyze_time(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_last_autoanalyze_time(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_last_autovacuum_time(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_last_vacuum_time(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_live_tuples(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_mod_since_analyze(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_numscans(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_tuples_deleted(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_tuples_fetched(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_tuples_hot_updated(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_tuples_inserted(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_tuples_returned(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_tuples_updated(PG_FUNCTION_ARGS);
extern Datum pg_stat_get_vacuum_count(PG_FUNCTION_ARGS);
extern Datum pg_stat_reset(PG_FUNCTION_ARGS);
extern Datum pg_stat_reset_single_table_counters(PG_FUNCTION_ARGS);
extern Datum pg_stat_statements(PG_FUNCTION_ARGS);
extern Datum pg_stat_statements_info(PG_FUNCTION_ARGS);
extern Datum pg_stat_statements_reset(PG_FUNCTION_ARGS);
extern Datum pg_statistics_obj_is_visible(PG_FUNCTION_ARGS);
extern Datum pg_switch_wal(PG_FUNCTION_ARGS);
extern Datum pg_table_is_visible(PG_FUNCTION_ARGS);
extern Datum pg_table_size(PG_FUNCTION_ARGS);
extern Datum pg_tablespace_location(PG_FUNCTION_ARGS);
extern Datum pg_tablespace_size_name(PG_FUNCTION_ARGS);
extern Datum pg_tablespace_size_oid(PG_FUNCTION_ARGS);
extern Datum pg_terminate_backend(PG_FUNCTION_ARGS);
extern Datum pg_terminate_backend_nowait(PG_FUNCTION_ARGS);
extern Datum pg_total_relation_size(PG_FUNCTION_ARGS);
extern Datum pg_ts_config_is_visible(PG_FUNCTION_ARGS);
extern Datum pg_ts_dict_is_visible(PG_FUNCTION_ARGS);
extern Datum pg_ts_parser_is_visible(PG_FUNCTION_ARGS);
extern Datum pg_ts_template_is_visible(PG_FUNCTION_ARGS);
extern Datum pg_type_is_visible(PG_FUNCTION_ARGS);
extern Datum pg_typeof(PG_FUNCTION_ARGS);
extern Datum pg_wal_lsn_diff(PG_FUNCTION_ARGS);
extern Datum pg_walfile_name(PG_FUNCTION_ARGS);
extern Datum pgsql_version(PG_FUNCTION_ARGS);
extern Datum quote_ident(PG_FUNCTION_ARGS);
extern Datum quote_literal(PG_FUNCTION_ARGS);
extern Datum quote_literal_any(PG_FUNCTION_ARGS);
extern Datum quote_nullable(PG_FUNCTION_ARGS);
extern Datum quote_nullable_any(PG_FUNCTION_ARGS);
extern Datum radians(PG_FUNCTION_ARGS);
extern Datum regclassin(PG_FUNCTION_ARGS);
extern Datum regclassout(PG_FUNCTION_ARGS);
extern Datum regclassrecv(PG_FUNCTION_ARGS);
extern Datum regclasssend(PG_FUNCTION_ARGS);
extern Datum regnamespacein(PG_FUNCTION_ARGS);
extern Datum regnamespaceout(PG_FUNCTION_ARGS);
extern Datum regnamespacerecv(PG_FUNCTION_ARGS);
extern Datum regnamespacesend(PG_FUNCTION_ARGS);
extern Datum regoperatorin(PG_FUNCTION_ARGS);
extern Datum regoperatorout(PG_FUNCTION_ARGS);
extern Datum regoperatorrecv(PG_FUNCTION_ARGS);
extern Datum regoperatorsend(PG_FUNCTION_ARGS);
extern Datum regoperin(PG_FUNCTION_ARGS);
extern Datum regoperout(PG_FUNCTION_ARGS);
extern Datum regoperrecv(PG_FUNCTION_ARGS);
extern Datum regopersend(PG_FUNCTION_ARGS);
extern Datum regprocedurein(PG_FUNCTION_ARGS);
extern Datum regprocedureout(PG_FUNCTION_ARGS);
extern Datum regprocedurerecv(PG_FUNCTION_ARGS);
extern Datum regproceduresend(PG_FUNCTION_ARGS);
extern Datum regprocin(PG_FUNCTION_ARGS);
extern Datum regprocout(PG_FUNCTION_ARGS);
extern Datum regprocrecv(PG_FUNCTION_ARGS);
extern Datum regprocsend(PG_FUNCTION_ARGS);
extern Datum regtypein(PG_FUNCTION_ARGS);
extern Datum regtypeout(PG_FUNCTION_ARGS);
extern Datum regtyperecv(PG_FUNCTION_ARGS);
extern Datum regtypesend(PG_FUNCTION_ARGS);
extern Datum repeat(PG_FUNCTION_ARGS);
extern Datum replace_text(PG_FUNCTION_ARGS);
extern Datum rpad(PG_FUNCTION_ARGS);
extern Datum rpad_blanks(PG_FUNCTION_ARGS);
extern Datum rtrim(PG_FUNCTION_ARGS);
extern Datum rtrim1(PG_FUNCTION_ARGS);
extern Datum session_user(PG_FUNCTION_ARGS);
extern Datum set_config_by_name(PG_FUNCTION_ARGS);
extern Datum setseed(PG_FUNCTION_ARGS);
extern Datum show_config_by_name(PG_FUNCTION_ARGS);
extern Datum show_config_by_name_missing_ok(PG_FUNCTION_ARGS);
extern Datum sparsevec(PG_FUNCTION_ARGS);
extern Datum sparsevec_cmp(PG_FUNCTION_ARGS);
extern Datum sparsevec_cosine_distance(PG_FUNCTION_ARGS);
extern Datum sparsevec_eq(PG_FUNCTION_ARGS);
extern Datum sparsevec_ge(PG_FUNCTION_ARGS);
extern Datum sparsevec_gt(PG_FUNCTION_ARGS);
extern Datum sparsevec_in(PG_FUNCTION_ARGS);
extern Datum sparsevec_inner_product(PG_FUNCTION_ARGS);
extern Datum sparsevec_l1_distance(PG_FUNCTION_ARGS);
extern Datum sparsevec_l2_distance(PG_FUNCTION_ARGS);
extern Datum sparsevec_l2_norm(PG_FUNCTION_ARGS);
extern Datum sparsevec_l2_normalize(PG_FUNCTION_ARGS);
extern Datum sparsevec_l2_squared_distance(PG_FUNCTION_ARGS);
extern Datum sparsevec_le(PG_FUNCTION_ARGS);
extern Datum sparsevec_lt(PG_FUNCTION_ARGS);
extern Datum sparsevec_ne(PG_FUNCTION_ARGS);
extern Datum sparsevec_negative_inner_product(PG_FUNCTION_ARGS);
extern Datum sparsevec_out(PG_FUNCTION_ARGS);
extern Datum sparsevec_recv(PG_FUNCTION_ARGS);
extern Datum sparsevec_send(PG_FUNCTION_ARGS);
extern Datum sparsevec_to_halfvec(PG_FUNCTION_ARGS);
extern Datum sparsevec_to_vector(PG_FUNCTION_ARGS);
extern Datum sparsevec_typmod_in(PG_FUNCTION_ARGS);
extern Datum split_part(PG_FUNCTION_ARGS);
extern Datum statement_timestamp(PG_FUNCTION_ARGS);
extern Datum string_agg_finalfn(PG_FUNCTION_ARGS);
extern Datum string_agg_transfn(PG_FUNCTION_ARGS);
extern Datum subvector(PG_FUNCTION_ARGS);
extern Datum table_am_handler_in(PG_FUNCTION_ARGS);
extern Datum table_am_handler_out(PG_FUNCTION_ARGS);
extern Datum text_any_concat(PG_FUNCTION_ARGS);
extern Datum text_char(PG_FUNCTION_ARGS);
extern Datum text_concat(PG_FUNCTION_ARGS);
extern Datum text_concat_ws(PG_FUNCTION_ARGS);
extern Datum text_format(PG_FUNCTION_ARGS);
extern Datum text_format_nv(PG_FUNCTION_ARGS);
extern Datum text_ge(PG_FUNCTION_ARGS);
extern Datum text_gt(PG_FUNCTION_ARGS);
extern Datum text_larger(PG_FUNCTION_ARGS);
extern Datum text_le(PG_FUNCTION_ARGS);
extern Datum text_left(PG_FUNCTION_ARGS);
extern Datum text_lt(PG_FUNCTION_ARGS);
extern Datum text_name(PG_FUNCTION_ARGS);
extern Datum text_pattern_ge(PG_FUNCTION_ARGS);
extern Datum text_pattern_gt(PG_FUNCTION_ARGS);
extern Datum text_pattern_le(PG_FUNCTION_ARGS);
extern Datum text_pattern_lt(PG_FUNCTION_ARGS);
extern Datum text_regclass(PG_FUNCTION_ARGS);
extern Datum text_reverse(PG_FUNCTION_ARGS);
extern Datum text_right(PG_FUNCTION_ARGS);
extern Datum text_smaller(PG_FUNCTION_ARGS);
extern Datum text_starts_with(PG_FUNCTION_ARGS);
extern Datum text_substr(PG_FUNCTION_ARGS);
extern Datum text_substr_no_len(PG_FUNCTION_ARGS);
extern Datum text_to_array(PG_FUNCTION_ARGS);
extern Datum text_to_array_null(PG_FUNCTION_ARGS);
extern Datum textcat(PG_FUNCTION_ARGS);
extern Datum texteq(PG_FUNCTION_ARGS);
extern Datum texteqname(PG_FUNCTION_ARGS);
extern Datum textgename(PG_FUNCTION_ARGS);
extern Datum textgtname(PG_FUNCTION_ARGS);
extern Datum texticlike(PG_FUNCTION_ARGS);
extern Datum texticnlike(PG_FUNCTION_ARGS);
extern Datum texticregexeq(PG_FUNCTION_ARGS);
extern Datum texticregexne(PG_FUNCTION_ARGS);
extern Datum textin(PG_FUNCTION_ARGS);
extern Datum textlen(PG_FUNCTION_ARGS);
extern Datum textlename(PG_FUNCTION_ARGS);
extern Datum textlike(PG_FUNCTION_ARGS);
extern Datum textltname(PG_FUNCTION_ARGS);
extern Datum textne(PG_FUNCTION_ARGS);
extern Datum textnename(PG_FUNCTION_ARGS);
extern Datum textnlike(PG_FUNCTION_ARGS);
extern Datum textoctetlen(PG_FUNCTION_ARGS);
extern Datum textout(PG_FUNCTION_ARGS);
extern Datum textpos(PG_FUNCTION_ARGS);
extern Datum textrecv(PG_FUNCTION_ARGS);
extern Datum textregexeq(PG_FUNCTION_ARGS);
extern Datum textregexne(PG_FUNCTION_ARGS);
extern Datum textsend(PG_FUNCTION_ARGS);
extern Datum tideq(PG_FUNCTION_ARGS);
extern Datum tidge(PG_FUNCTION_ARGS);
extern Datum tidgt(PG_FUNCTION_ARGS);
extern Datum tidin(PG_FUNCTION_ARGS);
extern Datum tidlarger(PG_FUNCTION_ARGS);
extern Datum tidle(PG_FUNCTION_ARGS);
extern Datum tidlt(PG_FUNCTION_ARGS);
extern Datum tidne(PG_FUNCTION_ARGS);
extern Datum tidout(PG_FUNCTION_ARGS);
extern Datum tidrecv(PG_FUNCTION_ARGS);
extern Datum tidsend(PG_FUNCTION_ARGS);
extern Datum tidsmaller(PG_FUNCTION_ARGS);
extern Datum timestamp_cmp(PG_FUNCTION_ARGS);
extern Datum timestamp_date(PG_FUNCTION_ARGS);
extern Datum timestamp_eq(PG_FUNCTION_ARGS);
extern Datum timestamp_ge(PG_FUNCTION_ARGS);
extern Datum timestamp_gt(PG_FUNCTION_ARGS);
extern Datum timestamp_in(PG_FUNCTION_ARGS);
extern Datum timestamp_larger(PG_FUNCTION_ARGS);
extern Datum timestamp_le(PG_FUNCTION_ARGS);
extern Datum timestamp_lt(PG_FUNCTION_ARGS);
extern Datum timestamp_mi(PG_FUNCTION_ARGS);
extern Datum timestamp_mi_interval(PG_FUNCTION_ARGS);
extern Datum timestamp_ne(PG_FUNCTION_ARGS);
extern Datum timestamp_out(PG_FUNCTION_ARGS);
extern Datum timestamp_part(PG_FUNCTION_ARGS);
extern Datum timestamp_pl_interval(PG_FUNCTION_ARGS);
extern Datum timestamp_recv(PG_FUNCTION_ARGS);
extern Datum timestamp_scale(PG_FUNCTION_ARGS);
extern Datum timestamp_send(PG_FUNCTION_ARGS);
extern Datum timestamp_smaller(PG_FUNCTION_ARGS);
extern Datum timestamp_timestamptz(PG_FUNCTION_ARGS);
extern Datum timestamp_trunc(PG_FUNCTION_ARGS);
extern Datum timestamptypmodin(PG_FUNCTION_ARGS);
extern Datum timestamptypmodout(PG_FUNCTION_ARGS);
extern Datum timestamptz_date(PG_FUNCTION_ARGS);
extern Datum timestamptz_in(PG_FUNCTION_ARGS);
extern Datum timestamptz_mi_interval(PG_FUNCTION_ARGS);
extern Datum timestamptz_out(PG_FUNCTION_ARGS);
extern Datum timestamptz_part(PG_FUNCTION_ARGS);
extern Datum timestamptz_pl_interval(PG_FUNCTION_ARGS);
extern Datum timestamptz_recv(PG_FUNCTION_ARGS);
extern Datum timestamptz_scale(PG_FUNCTION_ARGS);
extern Datum timestamptz_send(PG_FUNCTION_ARGS);
extern Datum timestamptz_timestamp(PG_FUNCTION_ARGS);
extern Datum timestamptz_trunc(PG_FUNCTION_ARGS);
extern Datum timestamptztypmodin(PG_FUNCTION_ARGS);
extern Datum timestamptztypmodout(PG_FUNCTION_ARGS);
extern Datum to_hex32(PG_FUNCTION_ARGS);
extern Datum to_hex64(PG_FUNCTION_ARGS);
extern Datum to_regclass(PG_FUNCTION_ARGS);
extern Datum to_regtype(PG_FUNCTION_ARGS);
extern Datum toast_index_handler(PG_FUNCTION_ARGS);
extern Datum trigger_in(PG_FUNCTION_ARGS);
extern Datum trigger_out(PG_FUNCTION_ARGS);
extern Datum trim_array(PG_FUNCTION_ARGS);
extern Datum tsm_handler_in(PG_FUNCTION_ARGS);
extern Datum tsm_handler_out(PG_FUNCTION_ARGS);
extern Datum tusk_check(PG_FUNCTION_ARGS);
extern Datum unknownin(PG_FUNCTION_ARGS);
extern Datum unknownout(PG_FUNCTION_ARGS);
extern Datum unknownrecv(PG_FUNCTION_ARGS);
extern Datum unknownsend(PG_FUNCTION_ARGS);
extern Datum upper(PG_FUNCTION_ARGS);
extern Datum uuid_cmp(PG_FUNCTION_ARGS);
extern Datum uuid_eq(PG_FUNCTION_ARGS);
extern Datum uuid_ge(PG_FUNCTION_ARGS);
extern Datum uuid_gt(PG_FUNCTION_ARGS);
extern Datum uuid_in(PG_FUNCTION_ARGS);
extern Datum uuid_le(PG_FUNCTION_ARGS);
extern Datum uuid_lt(PG_FUNCTION_ARGS);
extern Datum uuid_ne(PG_FUNCTION_ARGS);
extern Datum uuid_out(PG_FUNCTION_ARGS);
extern Datum uuid_recv(PG_FUNCTION_ARGS);
extern Datum uuid_send(PG_FUNCTION_ARGS);
extern Datum varbit(PG_FUNCTION_ARGS);
extern Datum varbit_in(PG_FUNCTION_ARGS);
extern Datum varbit_out(PG_FUNCTION_ARGS);
extern Datum varbit_recv(PG_FUNCTION_ARGS);
extern Datum varbit_send(PG_FUNCTION_ARGS);
extern Datum varbittypmodin(PG_FUNCTION_ARGS);
extern Datum varbittypmodout(PG_FUNCTION_ARGS);
extern Datum varchar(PG_FUNCTION_ARGS);
extern Datum varcharin(PG_FUNCTION_ARGS);
extern Datum varcharout(PG_FUNCTION_ARGS);
extern Datum varcharrecv(PG_FUNCTION_ARGS);
extern Datum varcharsend(PG_FUNCTION_ARGS);
extern Datum varchartypmodin(PG_FUNCTION_ARGS);
extern Datum varchartypmodout(PG_FUNCTION_ARGS);
extern Datum vector(PG_FUNCTION_ARGS);
extern Datum vector_accum(PG_FUNCTION_ARGS);
extern Datum vector_add(PG_FUNCTION_ARGS);
extern Datum vector_avg(PG_FUNCTION_ARGS);
extern Datum vector_cmp(PG_FUNCTION_ARGS);
extern Datum vector_combine(PG_FUNCTION_ARGS);
extern Datum vector_concat(PG_FUNCTION_ARGS);
extern Datum vector_dims(PG_FUNCTION_ARGS);
extern Datum vector_eq(PG_FUNCTION_ARGS);
extern Datum vector_ge(PG_FUNCTION_ARGS);
extern Datum vector_gt(PG_FUNCTION_ARGS);
extern Datum vector_in(PG_FUNCTION_ARGS);
extern Datum vector_l2_squared_distance(PG_FUNCTION_ARGS);
extern Datum vector_le(PG_FUNCTION_ARGS);
extern Datum vector_lt(PG_FUNCTION_ARGS);
extern Datum vector_mul(PG_FUNCTION_ARGS);
extern Datum vector_ne(PG_FUNCTION_ARGS);
extern Datum vector_negative_inner_product(PG_FUNCTION_ARGS);
extern Datum vector_norm(PG_FUNCTION_ARGS);
extern Datum vector_out(PG_FUNCTION_ARGS);
extern Datum vector_recv(PG_FUNCTION_ARGS);
extern Datum vector_send(PG_FUNCTION_ARGS);
extern Datum vector_spherical_distance(PG_FUNCTION_ARGS);
extern Datum vector_sub(PG_FUNCTION_ARGS);
extern Datum vector_to_float4(PG_FUNCTION_ARGS);
extern Datum vector_to_halfvec(PG_FUNCTION_ARGS);
extern Datum vector_to_sparsevec(PG_FUNCTION_ARGS);
extern Datum vector_typmod_in(PG_FUNCTION_ARGS);
extern Datum void_in(PG_FUNCTION_ARGS);
extern Datum void_out(PG_FUNCTION_ARGS);
extern Datum void_recv(PG_FUNCTION_ARGS);
extern Datum void_send(PG_FUNCTION_ARGS);
extern Datum xid8cmp(PG_FUNCTION_ARGS);
extern Datum xid8eq(PG_FUNCTION_ARGS);
extern Datum xid8ge(PG_FUNCTION_ARGS);
extern Datum xid8gt(PG_FUNCTION_ARGS);
extern Datum xid8in(PG_FUNCTION_ARGS);
extern Datum xid8le(PG_FUNCTION_ARGS);
extern Datum xid8lt(PG_FUNCTION_ARGS);
extern Datum xid8ne(PG_FUNCTION_ARGS);
extern Datum xid8out(PG_FUNCTION_ARGS);
extern Datum xid8recv(PG_FUNCTION_ARGS);
extern Datum xid8send(PG_FUNCTION_ARGS);
extern Datum xid8toxid(PG_FUNCTION_ARGS);
extern Datum xid_age(PG_FUNCTION_ARGS);
extern Datum xideq(PG_FUNCTION_ARGS);
extern Datum xidin(PG_FUNCTION_ARGS);
extern Datum xidneq(PG_FUNCTION_ARGS);
extern Datum xidout(PG_FUNCTION_ARGS);
extern Datum xidrecv(PG_FUNCTION_ARGS);
extern Datum xidsend(PG_FUNCTION_ARGS);

const FormData_pg_proc pg_proc_rows[] = {
	{3, {"heap_tableam_handler"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 269, (const Oid[]){2281}, "heap_tableam_handler", NULL, NULL},
	{31, {"byteaout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){17}, "byteaout", byteaout, NULL},
	{33, {"charout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){18}, "charout", charout, NULL},
	{34, {"namein"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 19, (const Oid[]){2275}, "namein", namein, NULL},
	{35, {"nameout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){19}, "nameout", nameout, NULL},
	{38, {"int2in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 21, (const Oid[]){2275}, "int2in", int2in, NULL},
	{39, {"int2out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){21}, "int2out", int2out, NULL},
	{40, {"int2vectorin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 22, (const Oid[]){2275}, "int2vectorin", int2vectorin, NULL},
	{41, {"int2vectorout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){22}, "int2vectorout", int2vectorout, NULL},
	{42, {"int4in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){2275}, "int4in", int4in, NULL},
	{43, {"int4out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){23}, "int4out", int4out, NULL},
	{44, {"regprocin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 24, (const Oid[]){2275}, "regprocin", regprocin, NULL},
	{45, {"regprocout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){24}, "regprocout", regprocout, NULL},
	{46, {"textin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){2275}, "textin", textin, NULL},
	{47, {"textout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){25}, "textout", textout, NULL},
	{48, {"tidin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 27, (const Oid[]){2275}, "tidin", tidin, NULL},
	{49, {"tidout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){27}, "tidout", tidout, NULL},
	{50, {"xidin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 28, (const Oid[]){2275}, "xidin", xidin, NULL},
	{51, {"xidout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){28}, "xidout", xidout, NULL},
	{52, {"cidin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 29, (const Oid[]){2275}, "cidin", cidin, NULL},
	{53, {"cidout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){29}, "cidout", cidout, NULL},
	{54, {"oidvectorin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 30, (const Oid[]){2275}, "oidvectorin", oidvectorin, NULL},
	{55, {"oidvectorout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){30}, "oidvectorout", oidvectorout, NULL},
	{56, {"boollt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){16, 16}, "boollt", boollt, NULL},
	{57, {"boolgt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){16, 16}, "boolgt", boolgt, NULL},
	{60, {"booleq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){16, 16}, "booleq", booleq, NULL},
	{61, {"chareq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){18, 18}, "chareq", chareq, NULL},
	{62, {"nameeq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 19}, "nameeq", nameeq, NULL},
	{63, {"int2eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 21}, "int2eq", int2eq, NULL},
	{64, {"int2lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 21}, "int2lt", int2lt, NULL},
	{65, {"int4eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 23}, "int4eq", int4eq, NULL},
	{66, {"int4lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 23}, "int4lt", int4lt, NULL},
	{67, {"texteq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "texteq", texteq, NULL},
	{68, {"xideq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){28, 28}, "xideq", xideq, NULL},
	{69, {"cideq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){29, 29}, "cideq", cideq, NULL},
	{70, {"charne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){18, 18}, "charne", charne, NULL},
	{72, {"charle"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){18, 18}, "charle", charle, NULL},
	{73, {"chargt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){18, 18}, "chargt", chargt, NULL},
	{74, {"charge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){18, 18}, "charge", charge, NULL},
	{77, {"int4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){18}, "chartoi4", chartoi4, NULL},
	{78, {"char"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 18, (const Oid[]){23}, "i4tochar", i4tochar, NULL},
	{79, {"nameregexeq"}, 11, 10, 12, 1, 0, 0, 1364, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "nameregexeq", nameregexeq, NULL},
	{84, {"boolne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){16, 16}, "boolne", boolne, NULL},
	{86, {"pg_ddl_command_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 32, (const Oid[]){2275}, "pg_ddl_command_in", pg_ddl_command_in, NULL},
	{87, {"pg_ddl_command_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){32}, "pg_ddl_command_out", pg_ddl_command_out, NULL},
	{88, {"pg_ddl_command_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 32, (const Oid[]){2281}, "pg_ddl_command_recv", NULL, NULL},
	{89, {"version"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 0, 0, 25, NULL, "pgsql_version", pgsql_version, NULL},
	{90, {"pg_ddl_command_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){32}, "pg_ddl_command_send", NULL, NULL},
	{101, {"eqsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "eqsel", NULL, NULL},
	{102, {"neqsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "neqsel", NULL, NULL},
	{103, {"scalarltsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "scalarltsel", NULL, NULL},
	{104, {"scalargtsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "scalargtsel", NULL, NULL},
	{105, {"eqjoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "eqjoinsel", NULL, NULL},
	{106, {"neqjoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "neqjoinsel", NULL, NULL},
	{107, {"scalarltjoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "scalarltjoinsel", NULL, NULL},
	{108, {"scalargtjoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "scalargtjoinsel", NULL, NULL},
	{109, {"unknownin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 705, (const Oid[]){2275}, "unknownin", unknownin, NULL},
	{110, {"unknownout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){705}, "unknownout", unknownout, NULL},
	{117, {"point_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 600, (const Oid[]){2275}, "point_in", NULL, NULL},
	{118, {"point_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){600}, "point_out", NULL, NULL},
	{119, {"lseg_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 601, (const Oid[]){2275}, "lseg_in", NULL, NULL},
	{120, {"lseg_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){601}, "lseg_out", NULL, NULL},
	{121, {"path_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 602, (const Oid[]){2275}, "path_in", NULL, NULL},
	{122, {"path_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){602}, "path_out", NULL, NULL},
	{123, {"box_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 603, (const Oid[]){2275}, "box_in", NULL, NULL},
	{124, {"box_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){603}, "box_out", NULL, NULL},
	{141, {"int4mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "int4mul", int4mul, NULL},
	{144, {"int4ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 23}, "int4ne", int4ne, NULL},
	{145, {"int2ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 21}, "int2ne", int2ne, NULL},
	{146, {"int2gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 21}, "int2gt", int2gt, NULL},
	{147, {"int4gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 23}, "int4gt", int4gt, NULL},
	{148, {"int2le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 21}, "int2le", int2le, NULL},
	{149, {"int4le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 23}, "int4le", int4le, NULL},
	{150, {"int4ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 23}, "int4ge", int4ge, NULL},
	{151, {"int2ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 21}, "int2ge", int2ge, NULL},
	{152, {"int2mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 21, (const Oid[]){21, 21}, "int2mul", int2mul, NULL},
	{153, {"int2div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 21, (const Oid[]){21, 21}, "int2div", int2div, NULL},
	{154, {"int4div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "int4div", int4div, NULL},
	{155, {"int2mod"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 21, (const Oid[]){21, 21}, "int2mod", int2mod, NULL},
	{156, {"int4mod"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "int4mod", int4mod, NULL},
	{157, {"textne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "textne", textne, NULL},
	{158, {"int24eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 23}, "int24eq", int24eq, NULL},
	{159, {"int42eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 21}, "int42eq", int42eq, NULL},
	{160, {"int24lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 23}, "int24lt", int24lt, NULL},
	{161, {"int42lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 21}, "int42lt", int42lt, NULL},
	{162, {"int24gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 23}, "int24gt", int24gt, NULL},
	{163, {"int42gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 21}, "int42gt", int42gt, NULL},
	{164, {"int24ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 23}, "int24ne", int24ne, NULL},
	{165, {"int42ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 21}, "int42ne", int42ne, NULL},
	{166, {"int24le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 23}, "int24le", int24le, NULL},
	{167, {"int42le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 21}, "int42le", int42le, NULL},
	{168, {"int24ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 23}, "int24ge", int24ge, NULL},
	{169, {"int42ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 21}, "int42ge", int42ge, NULL},
	{170, {"int24mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){21, 23}, "int24mul", int24mul, NULL},
	{171, {"int42mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 21}, "int42mul", int42mul, NULL},
	{172, {"int24div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){21, 23}, "int24div", int24div, NULL},
	{173, {"int42div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 21}, "int42div", int42div, NULL},
	{176, {"int2pl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 21, (const Oid[]){21, 21}, "int2pl", int2pl, NULL},
	{177, {"int4pl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "int4pl", int4pl, NULL},
	{178, {"int24pl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){21, 23}, "int24pl", int24pl, NULL},
	{179, {"int42pl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 21}, "int42pl", int42pl, NULL},
	{180, {"int2mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 21, (const Oid[]){21, 21}, "int2mi", int2mi, NULL},
	{181, {"int4mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "int4mi", int4mi, NULL},
	{182, {"int24mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){21, 23}, "int24mi", int24mi, NULL},
	{183, {"int42mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 21}, "int42mi", int42mi, NULL},
	{184, {"oideq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){26, 26}, "oideq", oideq, NULL},
	{185, {"oidne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){26, 26}, "oidne", oidne, NULL},
	{195, {"pg_node_tree_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 194, (const Oid[]){2275}, "pg_node_tree_in", pg_node_tree_in, NULL},
	{196, {"pg_node_tree_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){194}, "pg_node_tree_out", pg_node_tree_out, NULL},
	{197, {"pg_node_tree_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 194, (const Oid[]){2281}, "pg_node_tree_recv", NULL, NULL},
	{198, {"pg_node_tree_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){194}, "pg_node_tree_send", pg_node_tree_send, NULL},
	{200, {"float4in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 700, (const Oid[]){2275}, "float4in", float4in, NULL},
	{201, {"float4out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){700}, "float4out", float4out, NULL},
	{202, {"float4mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 700, (const Oid[]){700, 700}, "float4mul", float4mul, NULL},
	{203, {"float4div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 700, (const Oid[]){700, 700}, "float4div", float4div, NULL},
	{204, {"float4pl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 700, (const Oid[]){700, 700}, "float4pl", float4pl, NULL},
	{205, {"float4mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 700, (const Oid[]){700, 700}, "float4mi", float4mi, NULL},
	{206, {"float4um"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 700, (const Oid[]){700}, "float4um", float4um, NULL},
	{207, {"float4abs"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 700, (const Oid[]){700}, "float4abs", float4abs, NULL},
	{208, {"float4_accum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1022, (const Oid[]){1022, 700}, "float4_accum", float4_accum, NULL},
	{209, {"float4larger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 700, (const Oid[]){700, 700}, "float4larger", float4larger, NULL},
	{211, {"float4smaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 700, (const Oid[]){700, 700}, "float4smaller", float4smaller, NULL},
	{212, {"int4um"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){23}, "int4um", int4um, NULL},
	{213, {"int2um"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 21, (const Oid[]){21}, "int2um", int2um, NULL},
	{214, {"float8in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){2275}, "float8in", float8in, NULL},
	{215, {"float8out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){701}, "float8out", float8out, NULL},
	{216, {"float8mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){701, 701}, "float8mul", float8mul, NULL},
	{217, {"float8div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){701, 701}, "float8div", float8div, NULL},
	{218, {"float8pl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){701, 701}, "float8pl", float8pl, NULL},
	{219, {"float8mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){701, 701}, "float8mi", float8mi, NULL},
	{220, {"float8um"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "float8um", float8um, NULL},
	{221, {"float8abs"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "float8abs", float8abs, NULL},
	{222, {"float8_accum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1022, (const Oid[]){1022, 701}, "float8_accum", float8_accum, NULL},
	{223, {"float8larger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){701, 701}, "float8larger", float8larger, NULL},
	{224, {"float8smaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){701, 701}, "float8smaller", float8smaller, NULL},
	{228, {"dround"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dround", dround, NULL},
	{229, {"dtrunc"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dtrunc", dtrunc, NULL},
	{230, {"dsqrt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dsqrt", dsqrt, NULL},
	{231, {"dcbrt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dcbrt", dcbrt, NULL},
	{232, {"dpow"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){701, 701}, "dpow", dpow, NULL},
	{233, {"dexp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dexp", dexp, NULL},
	{234, {"dlog1"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dlog1", dlog1, NULL},
	{235, {"float8"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 701, (const Oid[]){21}, "i2tod", i2tod, NULL},
	{236, {"float4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 700, (const Oid[]){21}, "i2tof", i2tof, NULL},
	{237, {"int2"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 21, (const Oid[]){701}, "dtoi2", dtoi2, NULL},
	{238, {"int2"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 21, (const Oid[]){700}, "ftoi2", ftoi2, NULL},
	{240, {"nameeqtext"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "nameeqtext", nameeqtext, NULL},
	{241, {"namelttext"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "namelttext", namelttext, NULL},
	{242, {"nameletext"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "nameletext", nameletext, NULL},
	{243, {"namegetext"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "namegetext", namegetext, NULL},
	{244, {"namegttext"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "namegttext", namegttext, NULL},
	{245, {"namenetext"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "namenetext", namenetext, NULL},
	{246, {"btnametextcmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){19, 25}, "btnametextcmp", btnametextcmp, NULL},
	{247, {"texteqname"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 19}, "texteqname", texteqname, NULL},
	{248, {"textltname"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 19}, "textltname", textltname, NULL},
	{249, {"textlename"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 19}, "textlename", textlename, NULL},
	{250, {"textgename"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 19}, "textgename", textgename, NULL},
	{251, {"textgtname"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 19}, "textgtname", textgtname, NULL},
	{252, {"textnename"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 19}, "textnename", textnename, NULL},
	{253, {"bttextnamecmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){25, 19}, "bttextnamecmp", bttextnamecmp, NULL},
	{267, {"table_am_handler_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 269, (const Oid[]){2275}, "table_am_handler_in", table_am_handler_in, NULL},
	{268, {"table_am_handler_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){269}, "table_am_handler_out", table_am_handler_out, NULL},
	{276, {"float8_combine"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1022, (const Oid[]){1022, 1022}, "float8_combine", float8_combine, NULL},
	{279, {"float48mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){700, 701}, "float48mul", float48mul, NULL},
	{280, {"float48div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){700, 701}, "float48div", float48div, NULL},
	{281, {"float48pl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){700, 701}, "float48pl", float48pl, NULL},
	{282, {"float48mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){700, 701}, "float48mi", float48mi, NULL},
	{283, {"float84mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){701, 700}, "float84mul", float84mul, NULL},
	{284, {"float84div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){701, 700}, "float84div", float84div, NULL},
	{285, {"float84pl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){701, 700}, "float84pl", float84pl, NULL},
	{286, {"float84mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){701, 700}, "float84mi", float84mi, NULL},
	{287, {"float4eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){700, 700}, "float4eq", float4eq, NULL},
	{288, {"float4ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){700, 700}, "float4ne", float4ne, NULL},
	{289, {"float4lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){700, 700}, "float4lt", float4lt, NULL},
	{290, {"float4le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){700, 700}, "float4le", float4le, NULL},
	{291, {"float4gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){700, 700}, "float4gt", float4gt, NULL},
	{292, {"float4ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){700, 700}, "float4ge", float4ge, NULL},
	{293, {"float8eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){701, 701}, "float8eq", float8eq, NULL},
	{294, {"float8ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){701, 701}, "float8ne", float8ne, NULL},
	{295, {"float8lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){701, 701}, "float8lt", float8lt, NULL},
	{296, {"float8le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){701, 701}, "float8le", float8le, NULL},
	{297, {"float8gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){701, 701}, "float8gt", float8gt, NULL},
	{298, {"float8ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){701, 701}, "float8ge", float8ge, NULL},
	{299, {"float48eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){700, 701}, "float48eq", float48eq, NULL},
	{300, {"float48ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){700, 701}, "float48ne", float48ne, NULL},
	{301, {"float48lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){700, 701}, "float48lt", float48lt, NULL},
	{302, {"float48le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){700, 701}, "float48le", float48le, NULL},
	{303, {"float48gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){700, 701}, "float48gt", float48gt, NULL},
	{304, {"float48ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){700, 701}, "float48ge", float48ge, NULL},
	{305, {"float84eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){701, 700}, "float84eq", float84eq, NULL},
	{306, {"float84ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){701, 700}, "float84ne", float84ne, NULL},
	{307, {"float84lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){701, 700}, "float84lt", float84lt, NULL},
	{308, {"float84le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){701, 700}, "float84le", float84le, NULL},
	{309, {"float84gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){701, 700}, "float84gt", float84gt, NULL},
	{310, {"float84ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){701, 700}, "float84ge", float84ge, NULL},
	{311, {"float8"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 701, (const Oid[]){700}, "ftod", ftod, NULL},
	{312, {"float4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 700, (const Oid[]){701}, "dtof", dtof, NULL},
	{313, {"int4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 23, (const Oid[]){21}, "i2toi4", i2toi4, NULL},
	{314, {"int2"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 21, (const Oid[]){23}, "i4toi2", i4toi2, NULL},
	{316, {"float8"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 701, (const Oid[]){23}, "i4tod", i4tod, NULL},
	{317, {"int4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){701}, "dtoi4", dtoi4, NULL},
	{318, {"float4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 700, (const Oid[]){23}, "i4tof", i4tof, NULL},
	{319, {"int4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){700}, "ftoi4", ftoi4, NULL},
	{321, {"json_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 114, (const Oid[]){2275}, "json_in", json_in, NULL},
	{322, {"json_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){114}, "json_out", json_out, NULL},
	{323, {"json_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 114, (const Oid[]){2281}, "json_recv", json_recv, NULL},
	{324, {"json_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){114}, "json_send", json_send, NULL},
	{326, {"index_am_handler_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 325, (const Oid[]){2275}, "index_am_handler_in", index_am_handler_in, NULL},
	{327, {"index_am_handler_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){325}, "index_am_handler_out", index_am_handler_out, NULL},
	{330, {"bthandler"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 325, (const Oid[]){2281}, "bthandler", NULL, NULL},
	{331, {"hashhandler"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 325, (const Oid[]){2281}, "hashhandler", NULL, NULL},
	{332, {"gisthandler"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 325, (const Oid[]){2281}, "gisthandler", NULL, NULL},
	{333, {"ginhandler"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 325, (const Oid[]){2281}, "ginhandler", NULL, NULL},
	{334, {"spghandler"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 325, (const Oid[]){2281}, "spghandler", NULL, NULL},
	{335, {"brinhandler"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 325, (const Oid[]){2281}, "brinhandler", NULL, NULL},
	{336, {"scalarlesel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "scalarlesel", NULL, NULL},
	{337, {"scalargesel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "scalargesel", NULL, NULL},
	{347, {"poly_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 604, (const Oid[]){2275}, "poly_in", NULL, NULL},
	{348, {"poly_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){604}, "poly_out", NULL, NULL},
	{350, {"btint2cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){21, 21}, "btint2cmp", btint2cmp, NULL},
	{351, {"btint4cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "btint4cmp", btint4cmp, NULL},
	{354, {"btfloat4cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){700, 700}, "btfloat4cmp", btfloat4cmp, NULL},
	{355, {"btfloat8cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){701, 701}, "btfloat8cmp", btfloat8cmp, NULL},
	{356, {"btoidcmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){26, 26}, "btoidcmp", btoidcmp, NULL},
	{358, {"btcharcmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){18, 18}, "btcharcmp", btcharcmp, NULL},
	{359, {"btnamecmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){19, 19}, "btnamecmp", btnamecmp, NULL},
	{360, {"bttextcmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){25, 25}, "bttextcmp", bttextcmp, NULL},
	{376, {"string_to_array"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 3, 0, 1009, (const Oid[]){25, 25, 25}, "text_to_array_null", text_to_array_null, NULL},
	{378, {"array_append"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 5078, (const Oid[]){5078, 5077}, "array_append", array_append, NULL},
	{379, {"array_prepend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 5078, (const Oid[]){5077, 5078}, "array_prepend", array_prepend, NULL},
	{382, {"btarraycmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){2277, 2277}, "btarraycmp", btarraycmp, NULL},
	{383, {"array_cat"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 5078, (const Oid[]){5078, 5078}, "array_cat", array_cat, NULL},
	{384, {"array_to_string"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 's', 's', 3, 0, 25, (const Oid[]){2277, 25, 25}, "array_to_text_null", array_to_text_null, NULL},
	{386, {"scalarlejoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "scalarlejoinsel", NULL, NULL},
	{390, {"array_ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2277, 2277}, "array_ne", array_ne, NULL},
	{391, {"array_lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2277, 2277}, "array_lt", array_lt, NULL},
	{392, {"array_gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2277, 2277}, "array_gt", array_gt, NULL},
	{393, {"array_le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2277, 2277}, "array_le", array_le, NULL},
	{394, {"string_to_array"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 1009, (const Oid[]){25, 25}, "text_to_array", text_to_array, NULL},
	{395, {"array_to_string"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 25, (const Oid[]){2277, 25}, "array_to_text", array_to_text, NULL},
	{396, {"array_ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2277, 2277}, "array_ge", array_ge, NULL},
	{398, {"scalargejoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "scalargejoinsel", NULL, NULL},
	{401, {"text"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){1042}, "rtrim1", rtrim1, NULL},
	{404, {"btoidvectorcmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){30, 30}, "btoidvectorcmp", btoidvectorcmp, NULL},
	{406, {"text"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 25, (const Oid[]){19}, "name_text", name_text, NULL},
	{407, {"name"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 19, (const Oid[]){25}, "text_name", text_name, NULL},
	{408, {"bpchar"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1042, (const Oid[]){19}, "name_bpchar", name_bpchar, NULL},
	{409, {"name"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 19, (const Oid[]){1042}, "bpchar_name", bpchar_name, NULL},
	{436, {"macaddr_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 829, (const Oid[]){2275}, "macaddr_in", NULL, NULL},
	{437, {"macaddr_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){829}, "macaddr_out", NULL, NULL},
	{458, {"text_larger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 25}, "text_larger", text_larger, NULL},
	{459, {"text_smaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 25}, "text_smaller", text_smaller, NULL},
	{460, {"int8in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){2275}, "int8in", int8in, NULL},
	{461, {"int8out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){20}, "int8out", int8out, NULL},
	{462, {"int8um"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){20}, "int8um", int8um, NULL},
	{463, {"int8pl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 20}, "int8pl", int8pl, NULL},
	{464, {"int8mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 20}, "int8mi", int8mi, NULL},
	{465, {"int8mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 20}, "int8mul", int8mul, NULL},
	{466, {"int8div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 20}, "int8div", int8div, NULL},
	{467, {"int8eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 20}, "int8eq", int8eq, NULL},
	{468, {"int8ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 20}, "int8ne", int8ne, NULL},
	{469, {"int8lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 20}, "int8lt", int8lt, NULL},
	{470, {"int8gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 20}, "int8gt", int8gt, NULL},
	{471, {"int8le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 20}, "int8le", int8le, NULL},
	{472, {"int8ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 20}, "int8ge", int8ge, NULL},
	{474, {"int84eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 23}, "int84eq", int84eq, NULL},
	{475, {"int84ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 23}, "int84ne", int84ne, NULL},
	{476, {"int84lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 23}, "int84lt", int84lt, NULL},
	{477, {"int84gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 23}, "int84gt", int84gt, NULL},
	{478, {"int84le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 23}, "int84le", int84le, NULL},
	{479, {"int84ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 23}, "int84ge", int84ge, NULL},
	{480, {"int4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){20}, "int84", int84, NULL},
	{481, {"int8"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 20, (const Oid[]){23}, "int48", int48, NULL},
	{482, {"float8"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 701, (const Oid[]){20}, "i8tod", i8tod, NULL},
	{483, {"int8"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){701}, "dtoi8", dtoi8, NULL},
	{515, {"array_larger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 2277, (const Oid[]){2277, 2277}, "array_larger", array_larger, NULL},
	{516, {"array_smaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 2277, (const Oid[]){2277, 2277}, "array_smaller", array_smaller, NULL},
	{619, {"oidvectorne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){30, 30}, "oidvectorne", oidvectorne, NULL},
	{652, {"float4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 700, (const Oid[]){20}, "i8tof", i8tof, NULL},
	{653, {"int8"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){700}, "ftoi8", ftoi8, NULL},
	{655, {"namelt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 19}, "namelt", namelt, NULL},
	{656, {"namele"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 19}, "namele", namele, NULL},
	{657, {"namegt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 19}, "namegt", namegt, NULL},
	{658, {"namege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 19}, "namege", namege, NULL},
	{659, {"namene"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 19}, "namene", namene, NULL},
	{668, {"bpchar"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1042, (const Oid[]){1042, 23, 16}, "bpchar", bpchar, NULL},
	{669, {"varchar"}, 11, 10, 12, 1, 0, 0, 3097, 'f', false, false, true, false, 'i', 's', 3, 0, 1043, (const Oid[]){1043, 23, 16}, "varchar", varchar, NULL},
	{677, {"oidvectorlt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){30, 30}, "oidvectorlt", oidvectorlt, NULL},
	{678, {"oidvectorle"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){30, 30}, "oidvectorle", oidvectorle, NULL},
	{679, {"oidvectoreq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){30, 30}, "oidvectoreq", oidvectoreq, NULL},
	{680, {"oidvectorge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){30, 30}, "oidvectorge", oidvectorge, NULL},
	{681, {"oidvectorgt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){30, 30}, "oidvectorgt", oidvectorgt, NULL},
	{710, {"getpgusername"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 0, 0, 19, NULL, "current_user", current_user, NULL},
	{714, {"int2"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 21, (const Oid[]){20}, "int82", int82, NULL},
	{716, {"oidlt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){26, 26}, "oidlt", oidlt, NULL},
	{717, {"oidle"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){26, 26}, "oidle", oidle, NULL},
	{720, {"octet_length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){17}, "byteaoctetlen", byteaoctetlen, NULL},
	{740, {"text_lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "text_lt", text_lt, NULL},
	{741, {"text_le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "text_le", text_le, NULL},
	{742, {"text_gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "text_gt", text_gt, NULL},
	{743, {"text_ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "text_ge", text_ge, NULL},
	{744, {"array_eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2277, 2277}, "array_eq", array_eq, NULL},
	{745, {"current_user"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 0, 0, 19, NULL, "current_user", current_user, NULL},
	{746, {"session_user"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 0, 0, 19, NULL, "session_user", session_user, NULL},
	{747, {"array_dims"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){2277}, "array_dims", array_dims, NULL},
	{748, {"array_ndims"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){2277}, "array_ndims", array_ndims, NULL},
	{750, {"array_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 2277, (const Oid[]){2275, 26, 23}, "array_in", array_in, NULL},
	{751, {"array_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){2277}, "array_out", array_out, NULL},
	{754, {"int8"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 20, (const Oid[]){21}, "int28", int28, NULL},
	{766, {"int4inc"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){23}, "int4inc", int4inc, NULL},
	{768, {"int4larger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "int4larger", int4larger, NULL},
	{769, {"int4smaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "int4smaller", int4smaller, NULL},
	{770, {"int2larger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 21, (const Oid[]){21, 21}, "int2larger", int2larger, NULL},
	{771, {"int2smaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 21, (const Oid[]){21, 21}, "int2smaller", int2smaller, NULL},
	{810, {"pg_client_encoding"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 0, 0, 19, NULL, "pg_client_encoding", pg_client_encoding, NULL},
	{837, {"int82pl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 21}, "int82pl", int82pl, NULL},
	{838, {"int82mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 21}, "int82mi", int82mi, NULL},
	{839, {"int82mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 21}, "int82mul", int82mul, NULL},
	{840, {"int82div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 21}, "int82div", int82div, NULL},
	{841, {"int28pl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){21, 20}, "int28pl", int28pl, NULL},
	{842, {"btint8cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){20, 20}, "btint8cmp", btint8cmp, NULL},
	{849, {"position"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){25, 25}, "textpos", textpos, NULL},
	{850, {"textlike"}, 11, 10, 12, 1, 0, 0, 1023, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "textlike", textlike, NULL},
	{851, {"textnlike"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "textnlike", textnlike, NULL},
	{852, {"int48eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 20}, "int48eq", int48eq, NULL},
	{853, {"int48ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 20}, "int48ne", int48ne, NULL},
	{854, {"int48lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 20}, "int48lt", int48lt, NULL},
	{855, {"int48gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 20}, "int48gt", int48gt, NULL},
	{856, {"int48le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 20}, "int48le", int48le, NULL},
	{857, {"int48ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){23, 20}, "int48ge", int48ge, NULL},
	{858, {"namelike"}, 11, 10, 12, 1, 0, 0, 1023, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "namelike", namelike, NULL},
	{859, {"namenlike"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "namenlike", namenlike, NULL},
	{860, {"bpchar"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1042, (const Oid[]){18}, "char_bpchar", char_bpchar, NULL},
	{861, {"current_database"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 0, 0, 19, NULL, "current_database", current_database, NULL},
	{868, {"strpos"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){25, 25}, "textpos", textpos, NULL},
	{870, {"lower"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){25}, "lower", lower, NULL},
	{871, {"upper"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){25}, "upper", upper, NULL},
	{873, {"lpad"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 25, (const Oid[]){25, 23, 25}, "lpad", lpad, NULL},
	{874, {"rpad"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 25, (const Oid[]){25, 23, 25}, "rpad", rpad, NULL},
	{875, {"ltrim"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 25}, "ltrim", ltrim, NULL},
	{876, {"rtrim"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 25}, "rtrim", rtrim, NULL},
	{877, {"substr"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 25, (const Oid[]){25, 23, 23}, "text_substr", text_substr, NULL},
	{879, {"lpad"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 23}, "lpad_blanks", lpad_blanks, NULL},
	{880, {"rpad"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 23}, "rpad_blanks", rpad_blanks, NULL},
	{881, {"ltrim"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){25}, "ltrim1", ltrim1, NULL},
	{882, {"rtrim"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){25}, "rtrim1", rtrim1, NULL},
	{883, {"substr"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 23}, "text_substr_no_len", text_substr_no_len, NULL},
	{884, {"btrim"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 25}, "btrim", btrim, NULL},
	{885, {"btrim"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){25}, "btrim1", btrim1, NULL},
	{886, {"cash_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 790, (const Oid[]){2275}, "cash_in", NULL, NULL},
	{887, {"cash_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){790}, "cash_out", NULL, NULL},
	{910, {"inet_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 869, (const Oid[]){2275}, "inet_in", inet_in, NULL},
	{911, {"inet_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){869}, "inet_out", inet_out, NULL},
	{936, {"substring"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 25, (const Oid[]){25, 23, 23}, "text_substr", text_substr, NULL},
	{937, {"substring"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 23}, "text_substr_no_len", text_substr_no_len, NULL},
	{940, {"mod"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 21, (const Oid[]){21, 21}, "int2mod", int2mod, NULL},
	{941, {"mod"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "int4mod", int4mod, NULL},
	{942, {"int28mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){21, 20}, "int28mi", int28mi, NULL},
	{943, {"int28mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){21, 20}, "int28mul", int28mul, NULL},
	{944, {"char"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 18, (const Oid[]){25}, "text_char", text_char, NULL},
	{945, {"int8mod"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 20}, "int8mod", int8mod, NULL},
	{946, {"text"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){18}, "char_text", char_text, NULL},
	{947, {"mod"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 20}, "int8mod", int8mod, NULL},
	{948, {"int28div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){21, 20}, "int28div", int28div, NULL},
	{1023, {"textlike_support"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "textlike_support", NULL, NULL},
	{1024, {"texticregexeq_support"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "texticregexeq_support", NULL, NULL},
	{1025, {"texticlike_support"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "texticlike_support", NULL, NULL},
	{1031, {"aclitemin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 1033, (const Oid[]){2275}, "aclitemin", NULL, NULL},
	{1032, {"aclitemout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){1033}, "aclitemout", aclitemout, NULL},
	{1039, {"getdatabaseencoding"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 0, 0, 19, NULL, "getdatabaseencoding", getdatabaseencoding, NULL},
	{1044, {"bpcharin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1042, (const Oid[]){2275, 26, 23}, "bpcharin", bpcharin, NULL},
	{1045, {"bpcharout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){1042}, "bpcharout", bpcharout, NULL},
	{1046, {"varcharin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1043, (const Oid[]){2275, 26, 23}, "varcharin", varcharin, NULL},
	{1047, {"varcharout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){1043}, "varcharout", varcharout, NULL},
	{1048, {"bpchareq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1042, 1042}, "bpchareq", bpchareq, NULL},
	{1049, {"bpcharlt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1042, 1042}, "bpcharlt", bpcharlt, NULL},
	{1050, {"bpcharle"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1042, 1042}, "bpcharle", bpcharle, NULL},
	{1051, {"bpchargt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1042, 1042}, "bpchargt", bpchargt, NULL},
	{1052, {"bpcharge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1042, 1042}, "bpcharge", bpcharge, NULL},
	{1053, {"bpcharne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1042, 1042}, "bpcharne", bpcharne, NULL},
	{1063, {"bpchar_larger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 1042, (const Oid[]){1042, 1042}, "bpchar_larger", bpchar_larger, NULL},
	{1064, {"bpchar_smaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 1042, (const Oid[]){1042, 1042}, "bpchar_smaller", bpchar_smaller, NULL},
	{1066, {"generate_series"}, 11, 10, 12, 1, 1000, 0, 3994, 'f', false, false, true, true, 'i', 's', 3, 0, 23, (const Oid[]){23, 23, 23}, "generate_series_step_int4", generate_series_step_int4, NULL},
	{1067, {"generate_series"}, 11, 10, 12, 1, 1000, 0, 3994, 'f', false, false, true, true, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "generate_series_int4", generate_series_int4, NULL},
	{1068, {"generate_series"}, 11, 10, 12, 1, 1000, 0, 3995, 'f', false, false, true, true, 'i', 's', 3, 0, 20, (const Oid[]){20, 20, 20}, "generate_series_step_int8", generate_series_step_int8, NULL},
	{1069, {"generate_series"}, 11, 10, 12, 1, 1000, 0, 3995, 'f', false, false, true, true, 'i', 's', 2, 0, 20, (const Oid[]){20, 20}, "generate_series_int8", generate_series_int8, NULL},
	{1078, {"bpcharcmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){1042, 1042}, "bpcharcmp", bpcharcmp, NULL},
	{1079, {"regclass"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2205, (const Oid[]){25}, "text_regclass", text_regclass, NULL},
	{1081, {"format_type"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 's', 's', 2, 0, 25, (const Oid[]){26, 23}, "format_type", format_type, NULL},
	{1084, {"date_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 1082, (const Oid[]){2275}, "date_in", date_in, NULL},
	{1085, {"date_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){1082}, "date_out", date_out, NULL},
	{1086, {"date_eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1082, 1082}, "date_eq", date_eq, NULL},
	{1087, {"date_lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1082, 1082}, "date_lt", date_lt, NULL},
	{1088, {"date_le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1082, 1082}, "date_le", date_le, NULL},
	{1089, {"date_gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1082, 1082}, "date_gt", date_gt, NULL},
	{1090, {"date_ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1082, 1082}, "date_ge", date_ge, NULL},
	{1091, {"date_ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1082, 1082}, "date_ne", date_ne, NULL},
	{1092, {"date_cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){1082, 1082}, "date_cmp", date_cmp, NULL},
	{1138, {"date_larger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1082, (const Oid[]){1082, 1082}, "date_larger", date_larger, NULL},
	{1139, {"date_smaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1082, (const Oid[]){1082, 1082}, "date_smaller", date_smaller, NULL},
	{1140, {"date_mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){1082, 1082}, "date_mi", date_mi, NULL},
	{1141, {"date_pli"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1082, (const Oid[]){1082, 23}, "date_pli", date_pli, NULL},
	{1142, {"date_mii"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1082, (const Oid[]){1082, 23}, "date_mii", date_mii, NULL},
	{1143, {"time_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 1083, (const Oid[]){2275, 26, 23}, "time_in", NULL, NULL},
	{1144, {"time_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){1083}, "time_out", NULL, NULL},
	{1150, {"timestamptz_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 1184, (const Oid[]){2275, 26, 23}, "timestamptz_in", timestamptz_in, NULL},
	{1151, {"timestamptz_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){1184}, "timestamptz_out", timestamptz_out, NULL},
	{1152, {"timestamptz_eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1184, 1184}, "timestamp_eq", timestamp_eq, NULL},
	{1153, {"timestamptz_ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1184, 1184}, "timestamp_ne", timestamp_ne, NULL},
	{1154, {"timestamptz_lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1184, 1184}, "timestamp_lt", timestamp_lt, NULL},
	{1155, {"timestamptz_le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1184, 1184}, "timestamp_le", timestamp_le, NULL},
	{1156, {"timestamptz_ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1184, 1184}, "timestamp_ge", timestamp_ge, NULL},
	{1157, {"timestamptz_gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1184, 1184}, "timestamp_gt", timestamp_gt, NULL},
	{1158, {"to_timestamp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1184, (const Oid[]){701}, "float8_timestamptz", float8_timestamptz, NULL},
	{1160, {"interval_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 1186, (const Oid[]){2275, 26, 23}, "interval_in", interval_in, NULL},
	{1161, {"interval_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){1186}, "interval_out", interval_out, NULL},
	{1162, {"interval_eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1186, 1186}, "interval_eq", interval_eq, NULL},
	{1163, {"interval_ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1186, 1186}, "interval_ne", interval_ne, NULL},
	{1164, {"interval_lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1186, 1186}, "interval_lt", interval_lt, NULL},
	{1165, {"interval_le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1186, 1186}, "interval_le", interval_le, NULL},
	{1166, {"interval_ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1186, 1186}, "interval_ge", interval_ge, NULL},
	{1167, {"interval_gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1186, 1186}, "interval_gt", interval_gt, NULL},
	{1168, {"interval_um"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1186, (const Oid[]){1186}, "interval_um", interval_um, NULL},
	{1169, {"interval_pl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1186, (const Oid[]){1186, 1186}, "interval_pl", interval_pl, NULL},
	{1170, {"interval_mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1186, (const Oid[]){1186, 1186}, "interval_mi", interval_mi, NULL},
	{1171, {"date_part"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 701, (const Oid[]){25, 1184}, "timestamptz_part", timestamptz_part, NULL},
	{1172, {"date_part"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){25, 1186}, "interval_part", interval_part, NULL},
	{1174, {"timestamptz"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 1184, (const Oid[]){1082}, "date_timestamptz", date_timestamptz, NULL},
	{1178, {"date"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 1082, (const Oid[]){1184}, "timestamptz_date", timestamptz_date, NULL},
	{1181, {"age"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 23, (const Oid[]){28}, "xid_age", xid_age, NULL},
	{1188, {"timestamptz_mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1186, (const Oid[]){1184, 1184}, "timestamp_mi", timestamp_mi, NULL},
	{1189, {"timestamptz_pl_interval"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 1184, (const Oid[]){1184, 1186}, "timestamptz_pl_interval", timestamptz_pl_interval, NULL},
	{1190, {"timestamptz_mi_interval"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 1184, (const Oid[]){1184, 1186}, "timestamptz_mi_interval", timestamptz_mi_interval, NULL},
	{1191, {"generate_subscripts"}, 11, 10, 12, 1, 1000, 0, 0, 'f', false, false, true, true, 'i', 's', 3, 0, 23, (const Oid[]){2277, 23, 16}, "generate_subscripts", generate_subscripts, NULL},
	{1192, {"generate_subscripts"}, 11, 10, 12, 1, 1000, 0, 0, 'f', false, false, true, true, 'i', 's', 2, 0, 23, (const Oid[]){2277, 23}, "generate_subscripts_nodir", generate_subscripts_nodir, NULL},
	{1193, {"array_fill"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2277, (const Oid[]){2283, 1007}, "array_fill", array_fill, NULL},
	{1194, {"log10"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dlog10", dlog10, NULL},
	{1195, {"timestamptz_smaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1184, (const Oid[]){1184, 1184}, "timestamp_smaller", timestamp_smaller, NULL},
	{1196, {"timestamptz_larger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1184, (const Oid[]){1184, 1184}, "timestamp_larger", timestamp_larger, NULL},
	{1197, {"interval_smaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1186, (const Oid[]){1186, 1186}, "interval_smaller", interval_smaller, NULL},
	{1198, {"interval_larger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1186, (const Oid[]){1186, 1186}, "interval_larger", interval_larger, NULL},
	{1215, {"obj_description"}, 11, 10, 12, 100, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 25, (const Oid[]){26, 19}, "obj_description", obj_description, NULL},
	{1216, {"col_description"}, 11, 10, 12, 100, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 25, (const Oid[]){26, 23}, "obj_description", obj_description, NULL},
	{1217, {"date_trunc"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 1184, (const Oid[]){25, 1184}, "timestamptz_trunc", timestamptz_trunc, NULL},
	{1219, {"int8inc"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){20}, "int8inc", int8inc, NULL},
	{1230, {"int8abs"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){20}, "int8abs", int8abs, NULL},
	{1236, {"int8larger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 20}, "int8larger", int8larger, NULL},
	{1237, {"int8smaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 20}, "int8smaller", int8smaller, NULL},
	{1238, {"texticregexeq"}, 11, 10, 12, 1, 0, 0, 1024, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "texticregexeq", texticregexeq, NULL},
	{1239, {"texticregexne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "texticregexne", texticregexne, NULL},
	{1240, {"nameicregexeq"}, 11, 10, 12, 1, 0, 0, 1024, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "nameicregexeq", nameicregexeq, NULL},
	{1241, {"nameicregexne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "nameicregexne", nameicregexne, NULL},
	{1242, {"boolin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 16, (const Oid[]){2275}, "boolin", boolin, NULL},
	{1243, {"boolout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){16}, "boolout", boolout, NULL},
	{1244, {"byteain"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){2275}, "byteain", byteain, NULL},
	{1245, {"charin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 18, (const Oid[]){2275}, "charin", charin, NULL},
	{1246, {"charlt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){18, 18}, "charlt", charlt, NULL},
	{1251, {"int4abs"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){23}, "int4abs", int4abs, NULL},
	{1252, {"nameregexne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "nameregexne", nameregexne, NULL},
	{1253, {"int2abs"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 21, (const Oid[]){21}, "int2abs", int2abs, NULL},
	{1254, {"textregexeq"}, 11, 10, 12, 1, 0, 0, 1364, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "textregexeq", textregexeq, NULL},
	{1256, {"textregexne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "textregexne", textregexne, NULL},
	{1257, {"textlen"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){25}, "textlen", textlen, NULL},
	{1258, {"textcat"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 25}, "textcat", textcat, NULL},
	{1264, {"pg_char_to_encoding"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 23, (const Oid[]){19}, "PG_char_to_encoding", PG_char_to_encoding, NULL},
	{1265, {"tidne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){27, 27}, "tidne", tidne, NULL},
	{1267, {"cidr_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 650, (const Oid[]){2275}, "cidr_in", NULL, NULL},
	{1269, {"pg_column_size"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 23, (const Oid[]){2276}, "pg_column_size", pg_column_size, NULL},
	{1274, {"int84pl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 23}, "int84pl", int84pl, NULL},
	{1275, {"int84mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 23}, "int84mi", int84mi, NULL},
	{1276, {"int84mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 23}, "int84mul", int84mul, NULL},
	{1277, {"int84div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 23}, "int84div", int84div, NULL},
	{1278, {"int48pl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){23, 20}, "int48pl", int48pl, NULL},
	{1279, {"int48mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){23, 20}, "int48mi", int48mi, NULL},
	{1280, {"int48mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){23, 20}, "int48mul", int48mul, NULL},
	{1281, {"int48div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){23, 20}, "int48div", int48div, NULL},
	{1282, {"quote_ident"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){25}, "quote_ident", quote_ident, NULL},
	{1283, {"quote_literal"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){25}, "quote_literal", quote_literal, NULL},
	{1285, {"quote_literal"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){2283}, "quote_literal_any", quote_literal_any, NULL},
	{1286, {"array_fill"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 3, 0, 2277, (const Oid[]){2283, 1007, 1007}, "array_fill_with_lower_bounds", array_fill_with_lower_bounds, NULL},
	{1287, {"oid"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 26, (const Oid[]){20}, "i8tooid", i8tooid, NULL},
	{1288, {"int8"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 20, (const Oid[]){26}, "oidtoi8", oidtoi8, NULL},
	{1289, {"quote_nullable"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 25, (const Oid[]){25}, "quote_nullable", quote_nullable, NULL},
	{1290, {"quote_nullable"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 's', 's', 1, 0, 25, (const Oid[]){2283}, "quote_nullable_any", quote_nullable_any, NULL},
	{1292, {"tideq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){27, 27}, "tideq", tideq, NULL},
	{1299, {"now"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 0, 0, 1184, NULL, "now", now, NULL},
	{1312, {"timestamp_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 1114, (const Oid[]){2275, 26, 23}, "timestamp_in", timestamp_in, NULL},
	{1313, {"timestamp_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){1114}, "timestamp_out", timestamp_out, NULL},
	{1314, {"timestamptz_cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){1184, 1184}, "timestamp_cmp", timestamp_cmp, NULL},
	{1315, {"interval_cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){1186, 1186}, "interval_cmp", interval_cmp, NULL},
	{1317, {"length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){25}, "textlen", textlen, NULL},
	{1318, {"length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1042}, "bpcharlen", bpcharlen, NULL},
	{1319, {"xideqint4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){28, 23}, "xideq", xideq, NULL},
	{1326, {"interval_div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1186, (const Oid[]){1186, 701}, "interval_div", interval_div, NULL},
	{1339, {"dlog10"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dlog10", dlog10, NULL},
	{1340, {"log"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dlog10", dlog10, NULL},
	{1341, {"ln"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dlog1", dlog1, NULL},
	{1342, {"round"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dround", dround, NULL},
	{1343, {"trunc"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dtrunc", dtrunc, NULL},
	{1344, {"sqrt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dsqrt", dsqrt, NULL},
	{1345, {"cbrt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dcbrt", dcbrt, NULL},
	{1346, {"pow"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){701, 701}, "dpow", dpow, NULL},
	{1347, {"exp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dexp", dexp, NULL},
	{1348, {"obj_description"}, 11, 10, 12, 100, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){26}, "obj_description", obj_description, NULL},
	{1349, {"oidvectortypes"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){30}, "oidvectortypes", oidvectortypes, NULL},
	{1350, {"timetz_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 1266, (const Oid[]){2275, 26, 23}, "timetz_in", NULL, NULL},
	{1351, {"timetz_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){1266}, "timetz_out", NULL, NULL},
	{1364, {"textregexeq_support"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "textregexeq_support", NULL, NULL},
	{1367, {"character_length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1042}, "bpcharlen", bpcharlen, NULL},
	{1368, {"power"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){701, 701}, "dpow", dpow, NULL},
	{1369, {"character_length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){25}, "textlen", textlen, NULL},
	{1372, {"char_length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1042}, "bpcharlen", bpcharlen, NULL},
	{1374, {"octet_length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){25}, "textoctetlen", textoctetlen, NULL},
	{1375, {"octet_length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1042}, "bpcharoctetlen", bpcharoctetlen, NULL},
	{1376, {"factorial"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){20}, "numeric_fac", numeric_fac, NULL},
	{1381, {"char_length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){25}, "textlen", textlen, NULL},
	{1387, {"pg_get_constraintdef"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){26}, "pg_get_constraintdef", pg_get_constraintdef, NULL},
	{1394, {"abs"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 700, (const Oid[]){700}, "float4abs", float4abs, NULL},
	{1395, {"abs"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "float8abs", float8abs, NULL},
	{1396, {"abs"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){20}, "int8abs", int8abs, NULL},
	{1397, {"abs"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){23}, "int4abs", int4abs, NULL},
	{1398, {"abs"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 21, (const Oid[]){21}, "int2abs", int2abs, NULL},
	{1400, {"name"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 19, (const Oid[]){1043}, "text_name", text_name, NULL},
	{1401, {"varchar"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 1043, (const Oid[]){19}, "name_text", name_text, NULL},
	{1402, {"current_schema"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'u', 0, 0, 19, NULL, "current_schema", current_schema, NULL},
	{1403, {"current_schemas"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'u', 1, 0, 1003, (const Oid[]){16}, "current_schemas", current_schemas, NULL},
	{1427, {"cidr_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){650}, "cidr_out", NULL, NULL},
	{1450, {"circle_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 718, (const Oid[]){2275}, "circle_in", NULL, NULL},
	{1451, {"circle_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){718}, "circle_out", NULL, NULL},
	{1490, {"line_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 628, (const Oid[]){2275}, "line_in", NULL, NULL},
	{1491, {"line_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){628}, "line_out", NULL, NULL},
	{1564, {"bit_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1560, (const Oid[]){2275, 26, 23}, "bit_in", bit_in, NULL},
	{1565, {"bit_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){1560}, "bit_out", bit_out, NULL},
	{1569, {"like"}, 11, 10, 12, 1, 0, 0, 1023, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "textlike", textlike, NULL},
	{1570, {"notlike"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "textnlike", textnlike, NULL},
	{1571, {"like"}, 11, 10, 12, 1, 0, 0, 1023, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "namelike", namelike, NULL},
	{1572, {"notlike"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "namenlike", namenlike, NULL},
	{1573, {"pg_get_ruledef"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){26}, "pg_get_ruledef", pg_get_ruledef, NULL},
	{1579, {"varbit_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1562, (const Oid[]){2275, 26, 23}, "varbit_in", varbit_in, NULL},
	{1580, {"varbit_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){1562}, "varbit_out", varbit_out, NULL},
	{1581, {"biteq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1560, 1560}, "biteq", biteq, NULL},
	{1582, {"bitne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1560, 1560}, "bitne", bitne, NULL},
	{1592, {"bitge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1560, 1560}, "bitge", bitge, NULL},
	{1593, {"bitgt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1560, 1560}, "bitgt", bitgt, NULL},
	{1594, {"bitle"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1560, 1560}, "bitle", bitle, NULL},
	{1595, {"bitlt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1560, 1560}, "bitlt", bitlt, NULL},
	{1596, {"bitcmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){1560, 1560}, "bitcmp", bitcmp, NULL},
	{1597, {"pg_encoding_to_char"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 19, (const Oid[]){23}, "PG_encoding_to_char", PG_encoding_to_char, NULL},
	{1598, {"random"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 'r', 0, 0, 701, NULL, "drandom", drandom, NULL},
	{1599, {"setseed"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 'r', 1, 0, 2278, (const Oid[]){701}, "setseed", setseed, NULL},
	{1600, {"asin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dasin", dasin, NULL},
	{1601, {"acos"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dacos", dacos, NULL},
	{1602, {"atan"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "datan", datan, NULL},
	{1603, {"atan2"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){701, 701}, "datan2", datan2, NULL},
	{1604, {"sin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dsin", dsin, NULL},
	{1605, {"cos"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dcos", dcos, NULL},
	{1606, {"tan"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dtan", dtan, NULL},
	{1608, {"degrees"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "degrees", degrees, NULL},
	{1609, {"radians"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "radians", radians, NULL},
	{1610, {"pi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 0, 0, 701, NULL, "dpi", dpi, NULL},
	{1618, {"interval_mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1186, (const Oid[]){1186, 701}, "interval_mul", interval_mul, NULL},
	{1619, {"pg_typeof"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 's', 's', 1, 0, 2206, (const Oid[]){2276}, "pg_typeof", pg_typeof, NULL},
	{1620, {"ascii"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){25}, "ascii", ascii, NULL},
	{1621, {"chr"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){23}, "chr", chr, NULL},
	{1622, {"repeat"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 23}, "repeat", repeat, NULL},
	{1631, {"bpcharlike"}, 11, 10, 12, 1, 0, 0, 1023, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1042, 25}, "textlike", textlike, NULL},
	{1632, {"bpcharnlike"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1042, 25}, "textnlike", textnlike, NULL},
	{1633, {"texticlike"}, 11, 10, 12, 1, 0, 0, 1025, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "texticlike", texticlike, NULL},
	{1634, {"texticnlike"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "texticnlike", texticnlike, NULL},
	{1635, {"nameiclike"}, 11, 10, 12, 1, 0, 0, 1025, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "nameiclike", nameiclike, NULL},
	{1636, {"nameicnlike"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){19, 25}, "nameicnlike", nameicnlike, NULL},
	{1637, {"like_escape"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 25}, "like_escape", like_escape, NULL},
	{1638, {"oidgt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){26, 26}, "oidgt", oidgt, NULL},
	{1639, {"oidge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){26, 26}, "oidge", oidge, NULL},
	{1641, {"pg_get_viewdef"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 25, (const Oid[]){26}, "pg_get_viewdef", pg_get_viewdef, NULL},
	{1642, {"pg_get_userbyid"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 19, (const Oid[]){26}, "pg_get_userbyid", pg_get_userbyid, NULL},
	{1643, {"pg_get_indexdef"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){26}, "pg_get_indexdef", pg_get_indexdef, NULL},
	{1656, {"bpcharicregexeq"}, 11, 10, 12, 1, 0, 0, 1024, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1042, 25}, "texticregexeq", texticregexeq, NULL},
	{1657, {"bpcharicregexne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1042, 25}, "texticregexne", texticregexne, NULL},
	{1658, {"bpcharregexeq"}, 11, 10, 12, 1, 0, 0, 1364, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1042, 25}, "textregexeq", textregexeq, NULL},
	{1659, {"bpcharregexne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1042, 25}, "textregexne", textregexne, NULL},
	{1660, {"bpchariclike"}, 11, 10, 12, 1, 0, 0, 1025, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1042, 25}, "texticlike", texticlike, NULL},
	{1661, {"bpcharicnlike"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1042, 25}, "texticnlike", texticnlike, NULL},
	{1662, {"pg_get_triggerdef"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){26}, "pg_get_triggerdef", pg_get_triggerdef, NULL},
	{1666, {"varbiteq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1562, 1562}, "biteq", biteq, NULL},
	{1667, {"varbitne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1562, 1562}, "bitne", bitne, NULL},
	{1668, {"varbitge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1562, 1562}, "bitge", bitge, NULL},
	{1669, {"varbitgt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1562, 1562}, "bitgt", bitgt, NULL},
	{1670, {"varbitle"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1562, 1562}, "bitle", bitle, NULL},
	{1671, {"varbitlt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1562, 1562}, "bitlt", bitlt, NULL},
	{1672, {"varbitcmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){1562, 1562}, "bitcmp", bitcmp, NULL},
	{1673, {"bitand"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1560, (const Oid[]){1560, 1560}, "bit_and", bit_and, NULL},
	{1674, {"bitor"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1560, (const Oid[]){1560, 1560}, "bit_or", bit_or, NULL},
	{1675, {"bitxor"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1560, (const Oid[]){1560, 1560}, "bitxor", bitxor, NULL},
	{1676, {"bitnot"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1560, (const Oid[]){1560}, "bitnot", bitnot, NULL},
	{1677, {"bitshiftleft"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1560, (const Oid[]){1560, 23}, "bitshiftleft", bitshiftleft, NULL},
	{1678, {"bitshiftright"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1560, (const Oid[]){1560, 23}, "bitshiftright", bitshiftright, NULL},
	{1679, {"bitcat"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1562, (const Oid[]){1562, 1562}, "bitcat", bitcat, NULL},
	{1680, {"substring"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1560, (const Oid[]){1560, 23, 23}, "bitsubstr", bitsubstr, NULL},
	{1681, {"length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1560}, "bitlength", bitlength, NULL},
	{1682, {"octet_length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1560}, "bitoctetlength", bitoctetlength, NULL},
	{1683, {"bit"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1560, (const Oid[]){23, 23}, "bitfromint4", bitfromint4, NULL},
	{1684, {"int4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1560}, "bittoint4", bittoint4, NULL},
	{1685, {"bit"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1560, (const Oid[]){1560, 23, 16}, "bit", bit, NULL},
	{1687, {"varbit"}, 11, 10, 12, 1, 0, 0, 3158, 'f', false, false, true, false, 'i', 's', 3, 0, 1562, (const Oid[]){1562, 23, 16}, "varbit", varbit, NULL},
	{1691, {"boolle"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){16, 16}, "boolle", boolle, NULL},
	{1692, {"boolge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){16, 16}, "boolge", boolge, NULL},
	{1693, {"btboolcmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){16, 16}, "btboolcmp", btboolcmp, NULL},
	{1698, {"position"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){1560, 1560}, "bitposition", bitposition, NULL},
	{1699, {"substring"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1560, (const Oid[]){1560, 23}, "bitsubstr_no_len", bitsubstr_no_len, NULL},
	{1701, {"numeric_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1700, (const Oid[]){2275, 26, 23}, "numeric_in", numeric_in, NULL},
	{1702, {"numeric_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){1700}, "numeric_out", numeric_out, NULL},
	{1703, {"numeric"}, 11, 10, 12, 1, 0, 0, 3157, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){1700, 23}, "numeric", numeric, NULL},
	{1704, {"numeric_abs"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "numeric_abs", numeric_abs, NULL},
	{1705, {"abs"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "numeric_abs", numeric_abs, NULL},
	{1706, {"sign"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "numeric_sign", numeric_sign, NULL},
	{1707, {"round"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){1700, 23}, "numeric_round", numeric_round, NULL},
	{1708, {"round"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "numeric_round_whole", numeric_round_whole, NULL},
	{1709, {"trunc"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){1700, 23}, "numeric_trunc", numeric_trunc, NULL},
	{1710, {"trunc"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "numeric_trunc_whole", numeric_trunc_whole, NULL},
	{1711, {"ceil"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "numeric_ceil", numeric_ceil, NULL},
	{1712, {"floor"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "numeric_floor", numeric_floor, NULL},
	{1716, {"pg_get_expr"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 25, (const Oid[]){194, 26}, "pg_get_expr", pg_get_expr, NULL},
	{1718, {"numeric_eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1700, 1700}, "numeric_eq", numeric_eq, NULL},
	{1719, {"numeric_ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1700, 1700}, "numeric_ne", numeric_ne, NULL},
	{1720, {"numeric_gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1700, 1700}, "numeric_gt", numeric_gt, NULL},
	{1721, {"numeric_ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1700, 1700}, "numeric_ge", numeric_ge, NULL},
	{1722, {"numeric_lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1700, 1700}, "numeric_lt", numeric_lt, NULL},
	{1723, {"numeric_le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1700, 1700}, "numeric_le", numeric_le, NULL},
	{1724, {"numeric_add"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){1700, 1700}, "numeric_add", numeric_add, NULL},
	{1725, {"numeric_sub"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){1700, 1700}, "numeric_sub", numeric_sub, NULL},
	{1726, {"numeric_mul"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){1700, 1700}, "numeric_mul", numeric_mul, NULL},
	{1727, {"numeric_div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){1700, 1700}, "numeric_div", numeric_div, NULL},
	{1728, {"mod"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){1700, 1700}, "numeric_mod", numeric_mod, NULL},
	{1729, {"numeric_mod"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){1700, 1700}, "numeric_mod", numeric_mod, NULL},
	{1730, {"sqrt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "numeric_sqrt", numeric_sqrt, NULL},
	{1731, {"numeric_sqrt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "numeric_sqrt", numeric_sqrt, NULL},
	{1740, {"numeric"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){23}, "int4_numeric", int4_numeric, NULL},
	{1742, {"numeric"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){700}, "float4_numeric", float4_numeric, NULL},
	{1743, {"numeric"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){701}, "float8_numeric", float8_numeric, NULL},
	{1744, {"int4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1700}, "numeric_int4", numeric_int4, NULL},
	{1745, {"float4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 700, (const Oid[]){1700}, "numeric_float4", numeric_float4, NULL},
	{1746, {"float8"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){1700}, "numeric_float8", numeric_float8, NULL},
	{1764, {"numeric_inc"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "numeric_inc", numeric_inc, NULL},
	{1766, {"numeric_smaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){1700, 1700}, "numeric_smaller", numeric_smaller, NULL},
	{1767, {"numeric_larger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){1700, 1700}, "numeric_larger", numeric_larger, NULL},
	{1769, {"numeric_cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){1700, 1700}, "numeric_cmp", numeric_cmp, NULL},
	{1771, {"numeric_uminus"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "numeric_uminus", numeric_uminus, NULL},
	{1779, {"int8"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){1700}, "numeric_int8", numeric_int8, NULL},
	{1781, {"numeric"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){20}, "int8_numeric", int8_numeric, NULL},
	{1782, {"numeric"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){21}, "int2_numeric", int2_numeric, NULL},
	{1783, {"int2"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 21, (const Oid[]){1700}, "numeric_int2", numeric_int2, NULL},
	{1798, {"oidin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 26, (const Oid[]){2275}, "oidin", oidin, NULL},
	{1799, {"oidout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){26}, "oidout", oidout, NULL},
	{1810, {"bit_length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){17}, "octets_bit_length", octets_bit_length, NULL},
	{1811, {"bit_length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){25}, "octets_bit_length", octets_bit_length, NULL},
	{1812, {"bit_length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1560}, "bitlength", bitlength, NULL},
	{1814, {"iclikesel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "iclikesel", NULL, NULL},
	{1815, {"icnlikesel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "icnlikesel", NULL, NULL},
	{1816, {"iclikejoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "iclikejoinsel", NULL, NULL},
	{1817, {"icnlikejoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "icnlikejoinsel", NULL, NULL},
	{1818, {"regexeqsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "regexeqsel", NULL, NULL},
	{1819, {"likesel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "likesel", NULL, NULL},
	{1820, {"icregexeqsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "icregexeqsel", NULL, NULL},
	{1821, {"regexnesel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "regexnesel", NULL, NULL},
	{1822, {"nlikesel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "nlikesel", NULL, NULL},
	{1823, {"icregexnesel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "icregexnesel", NULL, NULL},
	{1824, {"regexeqjoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "regexeqjoinsel", NULL, NULL},
	{1825, {"likejoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "likejoinsel", NULL, NULL},
	{1826, {"icregexeqjoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "icregexeqjoinsel", NULL, NULL},
	{1827, {"regexnejoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "regexnejoinsel", NULL, NULL},
	{1828, {"nlikejoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "nlikejoinsel", NULL, NULL},
	{1829, {"icregexnejoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "icregexnejoinsel", NULL, NULL},
	{1830, {"float8_avg"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){1022}, "float8_avg", float8_avg, NULL},
	{1831, {"float8_var_samp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){1022}, "float8_var_samp", float8_var_samp, NULL},
	{1832, {"float8_stddev_samp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){1022}, "float8_stddev_samp", float8_stddev_samp, NULL},
	{1833, {"numeric_accum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 1700}, "numeric_accum", numeric_accum, NULL},
	{1834, {"int2_accum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 21}, "int2_accum", int2_accum, NULL},
	{1835, {"int4_accum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 23}, "int4_accum", int4_accum, NULL},
	{1836, {"int8_accum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 20}, "int8_accum", int8_accum, NULL},
	{1837, {"numeric_avg"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){2281}, "numeric_avg", numeric_avg, NULL},
	{1838, {"numeric_var_samp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){2281}, "numeric_var_samp", numeric_var_samp, NULL},
	{1839, {"numeric_stddev_samp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){2281}, "numeric_stddev_samp", numeric_stddev_samp, NULL},
	{1840, {"int2_sum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 21}, "int2_sum", int2_sum, NULL},
	{1841, {"int4_sum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 23}, "int4_sum", int4_sum, NULL},
	{1850, {"int28eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 20}, "int28eq", int28eq, NULL},
	{1851, {"int28ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 20}, "int28ne", int28ne, NULL},
	{1852, {"int28lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 20}, "int28lt", int28lt, NULL},
	{1853, {"int28gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 20}, "int28gt", int28gt, NULL},
	{1854, {"int28le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 20}, "int28le", int28le, NULL},
	{1855, {"int28ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){21, 20}, "int28ge", int28ge, NULL},
	{1856, {"int82eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 21}, "int82eq", int82eq, NULL},
	{1857, {"int82ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 21}, "int82ne", int82ne, NULL},
	{1858, {"int82lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 21}, "int82lt", int82lt, NULL},
	{1859, {"int82gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 21}, "int82gt", int82gt, NULL},
	{1860, {"int82le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 21}, "int82le", int82le, NULL},
	{1861, {"int82ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){20, 21}, "int82ge", int82ge, NULL},
	{1892, {"int2and"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 21, (const Oid[]){21, 21}, "int2and", int2and, NULL},
	{1893, {"int2or"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 21, (const Oid[]){21, 21}, "int2or", int2or, NULL},
	{1894, {"int2xor"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 21, (const Oid[]){21, 21}, "int2xor", int2xor, NULL},
	{1895, {"int2not"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 21, (const Oid[]){21}, "int2not", int2not, NULL},
	{1896, {"int2shl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 21, (const Oid[]){21, 23}, "int2shl", int2shl, NULL},
	{1897, {"int2shr"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 21, (const Oid[]){21, 23}, "int2shr", int2shr, NULL},
	{1898, {"int4and"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "int4and", int4and, NULL},
	{1899, {"int4or"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "int4or", int4or, NULL},
	{1900, {"int4xor"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "int4xor", int4xor, NULL},
	{1901, {"int4not"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){23}, "int4not", int4not, NULL},
	{1902, {"int4shl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "int4shl", int4shl, NULL},
	{1903, {"int4shr"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "int4shr", int4shr, NULL},
	{1904, {"int8and"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 20}, "int8and", int8and, NULL},
	{1905, {"int8or"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 20}, "int8or", int8or, NULL},
	{1906, {"int8xor"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 20}, "int8xor", int8xor, NULL},
	{1907, {"int8not"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){20}, "int8not", int8not, NULL},
	{1908, {"int8shl"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 23}, "int8shl", int8shl, NULL},
	{1909, {"int8shr"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 23}, "int8shr", int8shr, NULL},
	{1910, {"int8up"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){20}, "int8up", int8up, NULL},
	{1911, {"int2up"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 21, (const Oid[]){21}, "int2up", int2up, NULL},
	{1912, {"int4up"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){23}, "int4up", int4up, NULL},
	{1913, {"float4up"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 700, (const Oid[]){700}, "float4up", float4up, NULL},
	{1914, {"float8up"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "float8up", float8up, NULL},
	{1915, {"numeric_uplus"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "numeric_uplus", numeric_uplus, NULL},
	{1922, {"has_table_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){19, 25, 25}, "has_table_privilege_name_name", has_table_privilege_name_name, NULL},
	{1923, {"has_table_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){19, 26, 25}, "has_table_privilege_name_id", has_table_privilege_name_id, NULL},
	{1924, {"has_table_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){26, 25, 25}, "has_table_privilege_id_name", has_table_privilege_id_name, NULL},
	{1925, {"has_table_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){26, 26, 25}, "has_table_privilege_id_id", has_table_privilege_id_id, NULL},
	{1926, {"has_table_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 16, (const Oid[]){25, 25}, "has_table_privilege_name", has_table_privilege_name, NULL},
	{1927, {"has_table_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 16, (const Oid[]){26, 25}, "has_table_privilege_id", has_table_privilege_id, NULL},
	{1928, {"pg_stat_get_numscans"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_numscans", pg_stat_get_numscans, NULL},
	{1929, {"pg_stat_get_tuples_returned"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_tuples_returned", pg_stat_get_tuples_returned, NULL},
	{1930, {"pg_stat_get_tuples_fetched"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_tuples_fetched", pg_stat_get_tuples_fetched, NULL},
	{1931, {"pg_stat_get_tuples_inserted"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_tuples_inserted", pg_stat_get_tuples_inserted, NULL},
	{1932, {"pg_stat_get_tuples_updated"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_tuples_updated", pg_stat_get_tuples_updated, NULL},
	{1933, {"pg_stat_get_tuples_deleted"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_tuples_deleted", pg_stat_get_tuples_deleted, NULL},
	{1946, {"encode"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 25, (const Oid[]){17, 25}, "binary_encode", binary_encode, NULL},
	{1947, {"decode"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 17, (const Oid[]){25, 25}, "binary_decode", binary_decode, NULL},
	{1948, {"byteaeq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){17, 17}, "byteaeq", byteaeq, NULL},
	{1949, {"bytealt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){17, 17}, "bytealt", bytealt, NULL},
	{1950, {"byteale"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){17, 17}, "byteale", byteale, NULL},
	{1951, {"byteagt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){17, 17}, "byteagt", byteagt, NULL},
	{1952, {"byteage"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){17, 17}, "byteage", byteage, NULL},
	{1953, {"byteane"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){17, 17}, "byteane", byteane, NULL},
	{1954, {"byteacmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){17, 17}, "byteacmp", byteacmp, NULL},
	{1961, {"timestamp"}, 11, 10, 12, 1, 0, 0, 3917, 'f', false, false, true, false, 'i', 's', 2, 0, 1114, (const Oid[]){1114, 23}, "timestamp_scale", timestamp_scale, NULL},
	{1962, {"int2_avg_accum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1016, (const Oid[]){1016, 21}, "int2_avg_accum", int2_avg_accum, NULL},
	{1963, {"int4_avg_accum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1016, (const Oid[]){1016, 23}, "int4_avg_accum", int4_avg_accum, NULL},
	{1964, {"int8_avg"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){1016}, "int8_avg", int8_avg, NULL},
	{1965, {"oidlarger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 26, (const Oid[]){26, 26}, "oidlarger", oidlarger, NULL},
	{1966, {"oidsmaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 26, (const Oid[]){26, 26}, "oidsmaller", oidsmaller, NULL},
	{1967, {"timestamptz"}, 11, 10, 12, 1, 0, 0, 3917, 'f', false, false, true, false, 'i', 's', 2, 0, 1184, (const Oid[]){1184, 23}, "timestamptz_scale", timestamptz_scale, NULL},
	{1972, {"pg_stat_get_tuples_hot_updated"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_tuples_hot_updated", pg_stat_get_tuples_hot_updated, NULL},
	{1973, {"div"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){1700, 1700}, "numeric_div_trunc", numeric_div_trunc, NULL},
	{1980, {"numeric_div_trunc"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){1700, 1700}, "numeric_div_trunc", numeric_div_trunc, NULL},
	{1993, {"shobj_description"}, 11, 10, 12, 100, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 25, (const Oid[]){26, 19}, "obj_description", obj_description, NULL},
	{2003, {"textanycat"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 25, (const Oid[]){25, 2776}, "text_any_concat", text_any_concat, NULL},
	{2004, {"anytextcat"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 25, (const Oid[]){2776, 25}, "any_text_concat", any_text_concat, NULL},
	{2005, {"bytealike"}, 11, 10, 12, 1, 0, 0, 1023, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){17, 17}, "bytealike", bytealike, NULL},
	{2006, {"byteanlike"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){17, 17}, "byteanlike", byteanlike, NULL},
	{2007, {"like"}, 11, 10, 12, 1, 0, 0, 1023, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){17, 17}, "bytealike", bytealike, NULL},
	{2008, {"notlike"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){17, 17}, "byteanlike", byteanlike, NULL},
	{2010, {"length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){17}, "byteaoctetlen", byteaoctetlen, NULL},
	{2011, {"byteacat"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 17, (const Oid[]){17, 17}, "byteacat", byteacat, NULL},
	{2020, {"date_trunc"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1114, (const Oid[]){25, 1114}, "timestamp_trunc", timestamp_trunc, NULL},
	{2021, {"date_part"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){25, 1114}, "timestamp_part", timestamp_part, NULL},
	{2024, {"timestamp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1114, (const Oid[]){1082}, "date_timestamp", date_timestamp, NULL},
	{2026, {"pg_backend_pid"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 0, 0, 23, NULL, "pg_backend_pid", pg_backend_pid, NULL},
	{2027, {"timestamp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 1114, (const Oid[]){1184}, "timestamptz_timestamp", timestamptz_timestamp, NULL},
	{2028, {"timestamptz"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 1184, (const Oid[]){1114}, "timestamp_timestamptz", timestamp_timestamptz, NULL},
	{2029, {"date"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1082, (const Oid[]){1114}, "timestamp_date", timestamp_date, NULL},
	{2031, {"timestamp_mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1186, (const Oid[]){1114, 1114}, "timestamp_mi", timestamp_mi, NULL},
	{2032, {"timestamp_pl_interval"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1114, (const Oid[]){1114, 1186}, "timestamp_pl_interval", timestamp_pl_interval, NULL},
	{2033, {"timestamp_mi_interval"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1114, (const Oid[]){1114, 1186}, "timestamp_mi_interval", timestamp_mi_interval, NULL},
	{2035, {"timestamp_smaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1114, (const Oid[]){1114, 1114}, "timestamp_smaller", timestamp_smaller, NULL},
	{2036, {"timestamp_larger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1114, (const Oid[]){1114, 1114}, "timestamp_larger", timestamp_larger, NULL},
	{2045, {"timestamp_cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){1114, 1114}, "timestamp_cmp", timestamp_cmp, NULL},
	{2050, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 2277, (const Oid[]){2277}, "aggregate_dummy", NULL, NULL},
	{2051, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 2277, (const Oid[]){2277}, "aggregate_dummy", NULL, NULL},
	{2052, {"timestamp_eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1114, 1114}, "timestamp_eq", timestamp_eq, NULL},
	{2053, {"timestamp_ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1114, 1114}, "timestamp_ne", timestamp_ne, NULL},
	{2054, {"timestamp_lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1114, 1114}, "timestamp_lt", timestamp_lt, NULL},
	{2055, {"timestamp_le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1114, 1114}, "timestamp_le", timestamp_le, NULL},
	{2056, {"timestamp_ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1114, 1114}, "timestamp_ge", timestamp_ge, NULL},
	{2057, {"timestamp_gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){1114, 1114}, "timestamp_gt", timestamp_gt, NULL},
	{2075, {"bit"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1560, (const Oid[]){20, 23}, "bitfromint8", bitfromint8, NULL},
	{2076, {"int8"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){1560}, "bittoint8", bittoint8, NULL},
	{2077, {"current_setting"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){25}, "show_config_by_name", show_config_by_name, NULL},
	{2078, {"set_config"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'v', 'u', 3, 0, 25, (const Oid[]){25, 25, 16}, "set_config_by_name", set_config_by_name, NULL},
	{2079, {"pg_table_is_visible"}, 11, 10, 12, 10, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){26}, "pg_table_is_visible", pg_table_is_visible, NULL},
	{2080, {"pg_type_is_visible"}, 11, 10, 12, 10, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){26}, "pg_type_is_visible", pg_type_is_visible, NULL},
	{2081, {"pg_function_is_visible"}, 11, 10, 12, 10, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){26}, "pg_function_is_visible", pg_function_is_visible, NULL},
	{2082, {"pg_operator_is_visible"}, 11, 10, 12, 10, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){26}, "pg_operator_is_visible", pg_operator_is_visible, NULL},
	{2083, {"pg_opclass_is_visible"}, 11, 10, 12, 10, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){26}, "pg_opclass_is_visible", pg_opclass_is_visible, NULL},
	{2087, {"replace"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 25, (const Oid[]){25, 25, 25}, "replace_text", replace_text, NULL},
	{2088, {"split_part"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 25, (const Oid[]){25, 25, 23}, "split_part", split_part, NULL},
	{2089, {"to_hex"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){23}, "to_hex32", to_hex32, NULL},
	{2090, {"to_hex"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){20}, "to_hex64", to_hex64, NULL},
	{2091, {"array_lower"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){2277, 23}, "array_lower", array_lower, NULL},
	{2092, {"array_upper"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){2277, 23}, "array_upper", array_upper, NULL},
	{2093, {"pg_conversion_is_visible"}, 11, 10, 12, 10, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){26}, "pg_conversion_is_visible", pg_conversion_is_visible, NULL},
	{2096, {"pg_terminate_backend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 2, 0, 16, (const Oid[]){23, 20}, "pg_terminate_backend", pg_terminate_backend, NULL},
	{2100, {"avg"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){20}, "aggregate_dummy", NULL, NULL},
	{2101, {"avg"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){23}, "aggregate_dummy", NULL, NULL},
	{2102, {"avg"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){21}, "aggregate_dummy", NULL, NULL},
	{2103, {"avg"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "aggregate_dummy", NULL, NULL},
	{2104, {"avg"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){700}, "aggregate_dummy", NULL, NULL},
	{2105, {"avg"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "aggregate_dummy", NULL, NULL},
	{2107, {"sum"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){20}, "aggregate_dummy", NULL, NULL},
	{2108, {"sum"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 20, (const Oid[]){23}, "aggregate_dummy", NULL, NULL},
	{2109, {"sum"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 20, (const Oid[]){21}, "aggregate_dummy", NULL, NULL},
	{2110, {"sum"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 700, (const Oid[]){700}, "aggregate_dummy", NULL, NULL},
	{2111, {"sum"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "aggregate_dummy", NULL, NULL},
	{2113, {"sum"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1186, (const Oid[]){1186}, "aggregate_dummy", NULL, NULL},
	{2114, {"sum"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "aggregate_dummy", NULL, NULL},
	{2115, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 20, (const Oid[]){20}, "aggregate_dummy", NULL, NULL},
	{2116, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 23, (const Oid[]){23}, "aggregate_dummy", NULL, NULL},
	{2117, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 21, (const Oid[]){21}, "aggregate_dummy", NULL, NULL},
	{2118, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 26, (const Oid[]){26}, "aggregate_dummy", NULL, NULL},
	{2119, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 700, (const Oid[]){700}, "aggregate_dummy", NULL, NULL},
	{2120, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "aggregate_dummy", NULL, NULL},
	{2121, {"pg_column_compression"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){2276}, "pg_column_compression", pg_column_compression, NULL},
	{2122, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1082, (const Oid[]){1082}, "aggregate_dummy", NULL, NULL},
	{2126, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1114, (const Oid[]){1114}, "aggregate_dummy", NULL, NULL},
	{2127, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1184, (const Oid[]){1184}, "aggregate_dummy", NULL, NULL},
	{2128, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1186, (const Oid[]){1186}, "aggregate_dummy", NULL, NULL},
	{2129, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 25, (const Oid[]){25}, "aggregate_dummy", NULL, NULL},
	{2130, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "aggregate_dummy", NULL, NULL},
	{2131, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 20, (const Oid[]){20}, "aggregate_dummy", NULL, NULL},
	{2132, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 23, (const Oid[]){23}, "aggregate_dummy", NULL, NULL},
	{2133, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 21, (const Oid[]){21}, "aggregate_dummy", NULL, NULL},
	{2134, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 26, (const Oid[]){26}, "aggregate_dummy", NULL, NULL},
	{2135, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 700, (const Oid[]){700}, "aggregate_dummy", NULL, NULL},
	{2136, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "aggregate_dummy", NULL, NULL},
	{2137, {"pg_stat_force_next_flush"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'v', 'r', 0, 0, 2278, NULL, "pg_stat_force_next_flush", pg_stat_force_next_flush, NULL},
	{2138, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1082, (const Oid[]){1082}, "aggregate_dummy", NULL, NULL},
	{2142, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1114, (const Oid[]){1114}, "aggregate_dummy", NULL, NULL},
	{2143, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1184, (const Oid[]){1184}, "aggregate_dummy", NULL, NULL},
	{2144, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1186, (const Oid[]){1186}, "aggregate_dummy", NULL, NULL},
	{2145, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 25, (const Oid[]){25}, "aggregate_dummy", NULL, NULL},
	{2146, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "aggregate_dummy", NULL, NULL},
	{2147, {"count"}, 11, 10, 12, 1, 0, 0, 6236, 'a', false, false, false, false, 'i', 's', 1, 0, 20, (const Oid[]){2276}, "aggregate_dummy", NULL, NULL},
	{2148, {"variance"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){20}, "aggregate_dummy", NULL, NULL},
	{2149, {"variance"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){23}, "aggregate_dummy", NULL, NULL},
	{2150, {"variance"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){21}, "aggregate_dummy", NULL, NULL},
	{2151, {"variance"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){700}, "aggregate_dummy", NULL, NULL},
	{2152, {"variance"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "aggregate_dummy", NULL, NULL},
	{2153, {"variance"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "aggregate_dummy", NULL, NULL},
	{2154, {"stddev"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){20}, "aggregate_dummy", NULL, NULL},
	{2155, {"stddev"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){23}, "aggregate_dummy", NULL, NULL},
	{2156, {"stddev"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){21}, "aggregate_dummy", NULL, NULL},
	{2157, {"stddev"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){700}, "aggregate_dummy", NULL, NULL},
	{2158, {"stddev"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "aggregate_dummy", NULL, NULL},
	{2159, {"stddev"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "aggregate_dummy", NULL, NULL},
	{2160, {"text_pattern_lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "text_pattern_lt", text_pattern_lt, NULL},
	{2161, {"text_pattern_le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "text_pattern_le", text_pattern_le, NULL},
	{2162, {"pg_get_function_arguments"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){26}, "pg_get_function_arguments", pg_get_function_arguments, NULL},
	{2163, {"text_pattern_ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "text_pattern_ge", text_pattern_ge, NULL},
	{2164, {"text_pattern_gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "text_pattern_gt", text_pattern_gt, NULL},
	{2165, {"pg_get_function_result"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){26}, "pg_get_function_result", pg_get_function_result, NULL},
	{2166, {"bttext_pattern_cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){25, 25}, "bttext_pattern_cmp", bttext_pattern_cmp, NULL},
	{2167, {"ceiling"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "numeric_ceil", numeric_ceil, NULL},
	{2168, {"pg_database_size"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 20, (const Oid[]){19}, "pg_database_size_name", pg_database_size_name, NULL},
	{2171, {"pg_cancel_backend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 16, (const Oid[]){23}, "pg_cancel_backend", pg_cancel_backend, NULL},
	{2176, {"array_length"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){2277, 23}, "array_length", array_length, NULL},
	{2188, {"btint48cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 20}, "btint48cmp", btint48cmp, NULL},
	{2189, {"btint84cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){20, 23}, "btint84cmp", btint84cmp, NULL},
	{2190, {"btint24cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){21, 23}, "btint24cmp", btint24cmp, NULL},
	{2191, {"btint42cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 21}, "btint42cmp", btint42cmp, NULL},
	{2192, {"btint28cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){21, 20}, "btint28cmp", btint28cmp, NULL},
	{2193, {"btint82cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){20, 21}, "btint82cmp", btint82cmp, NULL},
	{2194, {"btfloat48cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){700, 701}, "btfloat48cmp", btfloat48cmp, NULL},
	{2195, {"btfloat84cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){701, 700}, "btfloat84cmp", btfloat84cmp, NULL},
	{2212, {"regprocedurein"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2202, (const Oid[]){2275}, "regprocedurein", regprocedurein, NULL},
	{2213, {"regprocedureout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){2202}, "regprocedureout", regprocedureout, NULL},
	{2214, {"regoperin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2203, (const Oid[]){2275}, "regoperin", regoperin, NULL},
	{2215, {"regoperout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){2203}, "regoperout", regoperout, NULL},
	{2216, {"regoperatorin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2204, (const Oid[]){2275}, "regoperatorin", regoperatorin, NULL},
	{2217, {"regoperatorout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){2204}, "regoperatorout", regoperatorout, NULL},
	{2218, {"regclassin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2205, (const Oid[]){2275}, "regclassin", regclassin, NULL},
	{2219, {"regclassout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){2205}, "regclassout", regclassout, NULL},
	{2220, {"regtypein"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2206, (const Oid[]){2275}, "regtypein", regtypein, NULL},
	{2221, {"regtypeout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){2206}, "regtypeout", regtypeout, NULL},
	{2230, {"pg_stat_clear_snapshot"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'v', 'r', 0, 0, 2278, NULL, "pg_stat_clear_snapshot", pg_stat_clear_snapshot, NULL},
	{2232, {"pg_get_function_identity_arguments"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){26}, "pg_get_function_identity_arguments", pg_get_function_identity_arguments, NULL},
	{2236, {"bit_and"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 21, (const Oid[]){21}, "aggregate_dummy", NULL, NULL},
	{2237, {"bit_or"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 21, (const Oid[]){21}, "aggregate_dummy", NULL, NULL},
	{2238, {"bit_and"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 23, (const Oid[]){23}, "aggregate_dummy", NULL, NULL},
	{2239, {"bit_or"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 23, (const Oid[]){23}, "aggregate_dummy", NULL, NULL},
	{2240, {"bit_and"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 20, (const Oid[]){20}, "aggregate_dummy", NULL, NULL},
	{2241, {"bit_or"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 20, (const Oid[]){20}, "aggregate_dummy", NULL, NULL},
	{2242, {"bit_and"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1560, (const Oid[]){1560}, "aggregate_dummy", NULL, NULL},
	{2243, {"bit_or"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1560, (const Oid[]){1560}, "aggregate_dummy", NULL, NULL},
	{2244, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1042, (const Oid[]){1042}, "aggregate_dummy", NULL, NULL},
	{2245, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1042, (const Oid[]){1042}, "aggregate_dummy", NULL, NULL},
	{2250, {"has_database_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){19, 25, 25}, "has_database_privilege_name_name", has_database_privilege_name_name, NULL},
	{2251, {"has_database_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){19, 26, 25}, "has_database_privilege_name_id", has_database_privilege_name_id, NULL},
	{2252, {"has_database_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){26, 25, 25}, "has_database_privilege_id_name", has_database_privilege_id_name, NULL},
	{2253, {"has_database_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){26, 26, 25}, "has_database_privilege_id_id", has_database_privilege_id_id, NULL},
	{2254, {"has_database_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 16, (const Oid[]){25, 25}, "has_database_privilege_name", has_database_privilege_name, NULL},
	{2255, {"has_database_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 16, (const Oid[]){26, 25}, "has_database_privilege_id", has_database_privilege_id, NULL},
	{2268, {"has_schema_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){19, 25, 25}, "has_schema_privilege_name_name", has_schema_privilege_name_name, NULL},
	{2269, {"has_schema_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){19, 26, 25}, "has_schema_privilege_name_id", has_schema_privilege_name_id, NULL},
	{2270, {"has_schema_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){26, 25, 25}, "has_schema_privilege_id_name", has_schema_privilege_id_name, NULL},
	{2271, {"has_schema_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){26, 26, 25}, "has_schema_privilege_id_id", has_schema_privilege_id_id, NULL},
	{2272, {"has_schema_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 16, (const Oid[]){25, 25}, "has_schema_privilege_name", has_schema_privilege_name, NULL},
	{2273, {"has_schema_privilege"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 16, (const Oid[]){26, 25}, "has_schema_privilege_id", has_schema_privilege_id, NULL},
	{2274, {"pg_stat_reset"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'v', 's', 0, 0, 2278, NULL, "pg_stat_reset", pg_stat_reset, NULL},
	{2286, {"pg_total_relation_size"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 20, (const Oid[]){2205}, "pg_total_relation_size", pg_total_relation_size, NULL},
	{2288, {"pg_size_pretty"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){20}, "pg_size_pretty", pg_size_pretty, NULL},
	{2290, {"record_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 2249, (const Oid[]){2275, 26, 23}, "record_in", NULL, NULL},
	{2291, {"record_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){2249}, "record_out", NULL, NULL},
	{2292, {"cstring_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){2275}, "cstring_in", cstring_in, NULL},
	{2293, {"cstring_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){2275}, "cstring_out", cstring_out, NULL},
	{2294, {"any_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2276, (const Oid[]){2275}, "any_in", any_in, NULL},
	{2295, {"any_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){2276}, "any_out", any_out, NULL},
	{2296, {"anyarray_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2277, (const Oid[]){2275}, "anyarray_in", anyarray_in, NULL},
	{2297, {"anyarray_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){2277}, "anyarray_out", anyarray_out, NULL},
	{2298, {"void_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2278, (const Oid[]){2275}, "void_in", void_in, NULL},
	{2299, {"void_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){2278}, "void_out", void_out, NULL},
	{2300, {"trigger_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 2279, (const Oid[]){2275}, "trigger_in", trigger_in, NULL},
	{2301, {"trigger_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){2279}, "trigger_out", trigger_out, NULL},
	{2302, {"language_handler_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 2280, (const Oid[]){2275}, "language_handler_in", language_handler_in, NULL},
	{2303, {"language_handler_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){2280}, "language_handler_out", language_handler_out, NULL},
	{2304, {"internal_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 2281, (const Oid[]){2275}, "internal_in", internal_in, NULL},
	{2305, {"internal_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){2281}, "internal_out", internal_out, NULL},
	{2308, {"ceil"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dceil", dceil, NULL},
	{2309, {"floor"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dfloor", dfloor, NULL},
	{2310, {"sign"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dsign", dsign, NULL},
	{2311, {"md5"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 25, (const Oid[]){25}, "md5_text", md5_text, NULL},
	{2312, {"anyelement_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2283, (const Oid[]){2275}, "anyelement_in", anyelement_in, NULL},
	{2313, {"anyelement_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){2283}, "anyelement_out", anyelement_out, NULL},
	{2320, {"ceiling"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dceil", dceil, NULL},
	{2321, {"md5"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 25, (const Oid[]){17}, "md5_bytea", md5_bytea, NULL},
	{2322, {"pg_tablespace_size"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 20, (const Oid[]){26}, "pg_tablespace_size_oid", pg_tablespace_size_oid, NULL},
	{2323, {"pg_tablespace_size"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 20, (const Oid[]){19}, "pg_tablespace_size_name", pg_tablespace_size_name, NULL},
	{2324, {"pg_database_size"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 20, (const Oid[]){26}, "pg_database_size_oid", pg_database_size_oid, NULL},
	{2325, {"pg_relation_size"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 20, (const Oid[]){2205}, "pg_relation_size_main", pg_relation_size_main, NULL},
	{2331, {"unnest"}, 11, 10, 12, 1, 100, 0, 3996, 'f', false, false, true, true, 'i', 's', 1, 0, 2283, (const Oid[]){2277}, "array_unnest", array_unnest, NULL},
	{2332, {"pg_relation_size"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 2, 0, 20, (const Oid[]){2205, 25}, "pg_relation_size", pg_relation_size, NULL},
	{2333, {"array_agg_transfn"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 2776}, "array_agg_transfn", array_agg_transfn, NULL},
	{2334, {"array_agg_finalfn"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2277, (const Oid[]){2281, 2776}, "array_agg_finalfn", array_agg_finalfn, NULL},
	{2335, {"array_agg"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 2277, (const Oid[]){2776}, "aggregate_dummy", NULL, NULL},
	{2400, {"array_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 2277, (const Oid[]){2281, 26, 23}, "array_recv", array_recv, NULL},
	{2401, {"array_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){2277}, "array_send", array_send, NULL},
	{2402, {"record_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 2249, (const Oid[]){2281, 26, 23}, "record_recv", NULL, NULL},
	{2403, {"record_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){2249}, "record_send", NULL, NULL},
	{2404, {"int2recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 21, (const Oid[]){2281}, "int2recv", int2recv, NULL},
	{2405, {"int2send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){21}, "int2send", int2send, NULL},
	{2406, {"int4recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){2281}, "int4recv", int4recv, NULL},
	{2407, {"int4send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){23}, "int4send", int4send, NULL},
	{2408, {"int8recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){2281}, "int8recv", int8recv, NULL},
	{2409, {"int8send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){20}, "int8send", int8send, NULL},
	{2410, {"int2vectorrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 22, (const Oid[]){2281}, "int2vectorrecv", int2vectorrecv, NULL},
	{2411, {"int2vectorsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){22}, "int2vectorsend", int2vectorsend, NULL},
	{2412, {"bytearecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){2281}, "bytearecv", bytearecv, NULL},
	{2413, {"byteasend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){17}, "byteasend", byteasend, NULL},
	{2414, {"textrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){2281}, "textrecv", textrecv, NULL},
	{2415, {"textsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){25}, "textsend", textsend, NULL},
	{2416, {"unknownrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 705, (const Oid[]){2281}, "unknownrecv", unknownrecv, NULL},
	{2417, {"unknownsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){705}, "unknownsend", unknownsend, NULL},
	{2418, {"oidrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 26, (const Oid[]){2281}, "oidrecv", oidrecv, NULL},
	{2419, {"oidsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){26}, "oidsend", oidsend, NULL},
	{2420, {"oidvectorrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 30, (const Oid[]){2281}, "oidvectorrecv", oidvectorrecv, NULL},
	{2421, {"oidvectorsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){30}, "oidvectorsend", oidvectorsend, NULL},
	{2422, {"namerecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 19, (const Oid[]){2281}, "namerecv", namerecv, NULL},
	{2423, {"namesend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){19}, "namesend", namesend, NULL},
	{2424, {"float4recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 700, (const Oid[]){2281}, "float4recv", float4recv, NULL},
	{2425, {"float4send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){700}, "float4send", float4send, NULL},
	{2426, {"float8recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){2281}, "float8recv", float8recv, NULL},
	{2427, {"float8send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){701}, "float8send", float8send, NULL},
	{2428, {"point_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 600, (const Oid[]){2281}, "point_recv", NULL, NULL},
	{2429, {"point_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){600}, "point_send", NULL, NULL},
	{2430, {"bpcharrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 1042, (const Oid[]){2281, 26, 23}, "bpcharrecv", bpcharrecv, NULL},
	{2431, {"bpcharsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){1042}, "bpcharsend", bpcharsend, NULL},
	{2432, {"varcharrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 1043, (const Oid[]){2281, 26, 23}, "varcharrecv", varcharrecv, NULL},
	{2433, {"varcharsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){1043}, "varcharsend", varcharsend, NULL},
	{2434, {"charrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 18, (const Oid[]){2281}, "charrecv", charrecv, NULL},
	{2435, {"charsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){18}, "charsend", charsend, NULL},
	{2436, {"boolrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 16, (const Oid[]){2281}, "boolrecv", boolrecv, NULL},
	{2437, {"boolsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){16}, "boolsend", boolsend, NULL},
	{2438, {"tidrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 27, (const Oid[]){2281}, "tidrecv", tidrecv, NULL},
	{2439, {"tidsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){27}, "tidsend", tidsend, NULL},
	{2440, {"xidrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 28, (const Oid[]){2281}, "xidrecv", xidrecv, NULL},
	{2441, {"xidsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){28}, "xidsend", xidsend, NULL},
	{2442, {"cidrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 29, (const Oid[]){2281}, "cidrecv", cidrecv, NULL},
	{2443, {"cidsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){29}, "cidsend", cidsend, NULL},
	{2444, {"regprocrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 24, (const Oid[]){2281}, "regprocrecv", regprocrecv, NULL},
	{2445, {"regprocsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){24}, "regprocsend", regprocsend, NULL},
	{2446, {"regprocedurerecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2202, (const Oid[]){2281}, "regprocedurerecv", regprocedurerecv, NULL},
	{2447, {"regproceduresend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){2202}, "regproceduresend", regproceduresend, NULL},
	{2448, {"regoperrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2203, (const Oid[]){2281}, "regoperrecv", regoperrecv, NULL},
	{2449, {"regopersend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){2203}, "regopersend", regopersend, NULL},
	{2450, {"regoperatorrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2204, (const Oid[]){2281}, "regoperatorrecv", regoperatorrecv, NULL},
	{2451, {"regoperatorsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){2204}, "regoperatorsend", regoperatorsend, NULL},
	{2452, {"regclassrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2205, (const Oid[]){2281}, "regclassrecv", regclassrecv, NULL},
	{2453, {"regclasssend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){2205}, "regclasssend", regclasssend, NULL},
	{2454, {"regtyperecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2206, (const Oid[]){2281}, "regtyperecv", regtyperecv, NULL},
	{2455, {"regtypesend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){2206}, "regtypesend", regtypesend, NULL},
	{2456, {"bit_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1560, (const Oid[]){2281, 26, 23}, "bit_recv", bit_recv, NULL},
	{2457, {"bit_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){1560}, "bit_send", bit_send, NULL},
	{2458, {"varbit_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1562, (const Oid[]){2281, 26, 23}, "varbit_recv", varbit_recv, NULL},
	{2459, {"varbit_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){1562}, "varbit_send", varbit_send, NULL},
	{2460, {"numeric_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1700, (const Oid[]){2281, 26, 23}, "numeric_recv", numeric_recv, NULL},
	{2461, {"numeric_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){1700}, "numeric_send", numeric_send, NULL},
	{2462, {"sinh"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dsinh", dsinh, NULL},
	{2464, {"tanh"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dtanh", dtanh, NULL},
	{2465, {"asinh"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "dasinh", dasinh, NULL},
	{2468, {"date_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1082, (const Oid[]){2281}, "date_recv", date_recv, NULL},
	{2469, {"date_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){1082}, "date_send", date_send, NULL},
	{2470, {"time_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1083, (const Oid[]){2281, 26, 23}, "time_recv", NULL, NULL},
	{2471, {"time_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){1083}, "time_send", NULL, NULL},
	{2472, {"timetz_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1266, (const Oid[]){2281, 26, 23}, "timetz_recv", NULL, NULL},
	{2473, {"timetz_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){1266}, "timetz_send", NULL, NULL},
	{2474, {"timestamp_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1114, (const Oid[]){2281, 26, 23}, "timestamp_recv", timestamp_recv, NULL},
	{2475, {"timestamp_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){1114}, "timestamp_send", timestamp_send, NULL},
	{2476, {"timestamptz_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1184, (const Oid[]){2281, 26, 23}, "timestamptz_recv", timestamptz_recv, NULL},
	{2477, {"timestamptz_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){1184}, "timestamptz_send", timestamptz_send, NULL},
	{2478, {"interval_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1186, (const Oid[]){2281, 26, 23}, "interval_recv", interval_recv, NULL},
	{2479, {"interval_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){1186}, "interval_send", interval_send, NULL},
	{2480, {"lseg_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 601, (const Oid[]){2281}, "lseg_recv", NULL, NULL},
	{2481, {"lseg_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){601}, "lseg_send", NULL, NULL},
	{2482, {"path_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 602, (const Oid[]){2281}, "path_recv", NULL, NULL},
	{2483, {"path_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){602}, "path_send", NULL, NULL},
	{2484, {"box_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 603, (const Oid[]){2281}, "box_recv", NULL, NULL},
	{2485, {"box_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){603}, "box_send", NULL, NULL},
	{2486, {"poly_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 604, (const Oid[]){2281}, "poly_recv", NULL, NULL},
	{2487, {"poly_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){604}, "poly_send", NULL, NULL},
	{2488, {"line_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 628, (const Oid[]){2281}, "line_recv", NULL, NULL},
	{2489, {"line_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){628}, "line_send", NULL, NULL},
	{2490, {"circle_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 718, (const Oid[]){2281}, "circle_recv", NULL, NULL},
	{2491, {"circle_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){718}, "circle_send", NULL, NULL},
	{2492, {"cash_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 790, (const Oid[]){2281}, "cash_recv", NULL, NULL},
	{2493, {"cash_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){790}, "cash_send", NULL, NULL},
	{2494, {"macaddr_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 829, (const Oid[]){2281}, "macaddr_recv", NULL, NULL},
	{2495, {"macaddr_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){829}, "macaddr_send", NULL, NULL},
	{2496, {"inet_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 869, (const Oid[]){2281}, "inet_recv", inet_recv, NULL},
	{2497, {"inet_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){869}, "inet_send", inet_send, NULL},
	{2498, {"cidr_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 650, (const Oid[]){2281}, "cidr_recv", NULL, NULL},
	{2499, {"cidr_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){650}, "cidr_send", NULL, NULL},
	{2500, {"cstring_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){2281}, "cstring_recv", cstring_recv, NULL},
	{2501, {"cstring_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){2275}, "cstring_send", cstring_send, NULL},
	{2502, {"anyarray_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2277, (const Oid[]){2281}, "anyarray_recv", NULL, NULL},
	{2503, {"anyarray_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){2277}, "anyarray_send", anyarray_send, NULL},
	{2504, {"pg_get_ruledef"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 25, (const Oid[]){26, 16}, "pg_get_ruledef_ext", pg_get_ruledef_ext, NULL},
	{2506, {"pg_get_viewdef"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 2, 0, 25, (const Oid[]){26, 16}, "pg_get_viewdef_ext", pg_get_viewdef_ext, NULL},
	{2507, {"pg_get_indexdef"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 25, (const Oid[]){26, 23, 16}, "pg_get_indexdef_ext", pg_get_indexdef_ext, NULL},
	{2508, {"pg_get_constraintdef"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 25, (const Oid[]){26, 16}, "pg_get_constraintdef_ext", pg_get_constraintdef_ext, NULL},
	{2509, {"pg_get_expr"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 25, (const Oid[]){194, 26, 16}, "pg_get_expr_ext", pg_get_expr_ext, NULL},
	{2512, {"float8_var_pop"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){1022}, "float8_var_pop", float8_var_pop, NULL},
	{2513, {"float8_stddev_pop"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){1022}, "float8_stddev_pop", float8_stddev_pop, NULL},
	{2514, {"numeric_var_pop"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){2281}, "numeric_var_pop", numeric_var_pop, NULL},
	{2515, {"booland_statefunc"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){16, 16}, "booland_statefunc", booland_statefunc, NULL},
	{2516, {"boolor_statefunc"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){16, 16}, "boolor_statefunc", boolor_statefunc, NULL},
	{2517, {"bool_and"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 16, (const Oid[]){16}, "aggregate_dummy", NULL, NULL},
	{2518, {"bool_or"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 16, (const Oid[]){16}, "aggregate_dummy", NULL, NULL},
	{2519, {"every"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 16, (const Oid[]){16}, "aggregate_dummy", NULL, NULL},
	{2557, {"bool"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 16, (const Oid[]){23}, "int4_bool", int4_bool, NULL},
	{2558, {"int4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 1, 0, 23, (const Oid[]){16}, "bool_int4", bool_int4, NULL},
	{2561, {"pg_blocking_pids"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 1007, (const Oid[]){23}, "pg_blocking_pids", pg_blocking_pids, NULL},
	{2596, {"numeric_stddev_pop"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){2281}, "numeric_stddev_pop", numeric_stddev_pop, NULL},
	{2621, {"pg_reload_conf"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 0, 0, 16, NULL, "pg_reload_conf", pg_reload_conf, NULL},
	{2626, {"pg_sleep"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 2278, (const Oid[]){701}, "pg_sleep", pg_sleep, NULL},
	{2641, {"var_samp"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){20}, "aggregate_dummy", NULL, NULL},
	{2642, {"var_samp"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){23}, "aggregate_dummy", NULL, NULL},
	{2643, {"var_samp"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){21}, "aggregate_dummy", NULL, NULL},
	{2644, {"var_samp"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){700}, "aggregate_dummy", NULL, NULL},
	{2645, {"var_samp"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "aggregate_dummy", NULL, NULL},
	{2646, {"var_samp"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "aggregate_dummy", NULL, NULL},
	{2647, {"transaction_timestamp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 0, 0, 1184, NULL, "now", now, NULL},
	{2648, {"statement_timestamp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 0, 0, 1184, NULL, "statement_timestamp", statement_timestamp, NULL},
	{2649, {"clock_timestamp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 0, 0, 1184, NULL, "clock_timestamp", clock_timestamp, NULL},
	{2705, {"pg_has_role"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){19, 19, 25}, "pg_has_role_name_name", pg_has_role_name_name, NULL},
	{2706, {"pg_has_role"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){19, 26, 25}, "pg_has_role_name_id", pg_has_role_name_id, NULL},
	{2707, {"pg_has_role"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){26, 19, 25}, "pg_has_role_id_name", pg_has_role_id_name, NULL},
	{2708, {"pg_has_role"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 16, (const Oid[]){26, 26, 25}, "pg_has_role_id_id", pg_has_role_id_id, NULL},
	{2709, {"pg_has_role"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 16, (const Oid[]){19, 25}, "pg_has_role_name", pg_has_role_name, NULL},
	{2710, {"pg_has_role"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 16, (const Oid[]){26, 25}, "pg_has_role_id", pg_has_role_id, NULL},
	{2712, {"stddev_samp"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){20}, "aggregate_dummy", NULL, NULL},
	{2713, {"stddev_samp"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){23}, "aggregate_dummy", NULL, NULL},
	{2714, {"stddev_samp"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){21}, "aggregate_dummy", NULL, NULL},
	{2715, {"stddev_samp"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){700}, "aggregate_dummy", NULL, NULL},
	{2716, {"stddev_samp"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "aggregate_dummy", NULL, NULL},
	{2717, {"stddev_samp"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "aggregate_dummy", NULL, NULL},
	{2718, {"var_pop"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){20}, "aggregate_dummy", NULL, NULL},
	{2719, {"var_pop"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){23}, "aggregate_dummy", NULL, NULL},
	{2720, {"var_pop"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){21}, "aggregate_dummy", NULL, NULL},
	{2721, {"var_pop"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){700}, "aggregate_dummy", NULL, NULL},
	{2722, {"var_pop"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "aggregate_dummy", NULL, NULL},
	{2723, {"var_pop"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "aggregate_dummy", NULL, NULL},
	{2724, {"stddev_pop"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){20}, "aggregate_dummy", NULL, NULL},
	{2725, {"stddev_pop"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){23}, "aggregate_dummy", NULL, NULL},
	{2726, {"stddev_pop"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){21}, "aggregate_dummy", NULL, NULL},
	{2727, {"stddev_pop"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){700}, "aggregate_dummy", NULL, NULL},
	{2728, {"stddev_pop"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 701, (const Oid[]){701}, "aggregate_dummy", NULL, NULL},
	{2729, {"stddev_pop"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){1700}, "aggregate_dummy", NULL, NULL},
	{2730, {"pg_get_triggerdef"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 25, (const Oid[]){26, 16}, "pg_get_triggerdef_ext", pg_get_triggerdef_ext, NULL},
	{2740, {"numeric_avg_serialize"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){2281}, "numeric_avg_serialize", NULL, NULL},
	{2741, {"numeric_avg_deserialize"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 2281, (const Oid[]){17, 2281}, "numeric_avg_deserialize", NULL, NULL},
	{2746, {"int8_avg_accum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 20}, "int8_avg_accum", int8_avg_accum, NULL},
	{2747, {"arrayoverlap"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2277, 2277}, "arrayoverlap", arrayoverlap, NULL},
	{2748, {"arraycontains"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2277, 2277}, "arraycontains", arraycontains, NULL},
	{2749, {"arraycontained"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2277, 2277}, "arraycontained", arraycontained, NULL},
	{2777, {"anynonarray_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2776, (const Oid[]){2275}, "anynonarray_in", anynonarray_in, NULL},
	{2778, {"anynonarray_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){2776}, "anynonarray_out", anynonarray_out, NULL},
	{2781, {"pg_stat_get_last_vacuum_time"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 1184, (const Oid[]){26}, "pg_stat_get_last_vacuum_time", pg_stat_get_last_vacuum_time, NULL},
	{2782, {"pg_stat_get_last_autovacuum_time"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 1184, (const Oid[]){26}, "pg_stat_get_last_autovacuum_time", pg_stat_get_last_autovacuum_time, NULL},
	{2783, {"pg_stat_get_last_analyze_time"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 1184, (const Oid[]){26}, "pg_stat_get_last_analyze_time", pg_stat_get_last_analyze_time, NULL},
	{2784, {"pg_stat_get_last_autoanalyze_time"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 1184, (const Oid[]){26}, "pg_stat_get_last_autoanalyze_time", pg_stat_get_last_autoanalyze_time, NULL},
	{2785, {"int8_avg_combine"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 2281}, "int8_avg_combine", NULL, NULL},
	{2786, {"int8_avg_serialize"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){2281}, "int8_avg_serialize", NULL, NULL},
	{2787, {"int8_avg_deserialize"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 2281, (const Oid[]){17, 2281}, "int8_avg_deserialize", NULL, NULL},
	{2790, {"tidgt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){27, 27}, "tidgt", tidgt, NULL},
	{2791, {"tidlt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){27, 27}, "tidlt", tidlt, NULL},
	{2792, {"tidge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){27, 27}, "tidge", tidge, NULL},
	{2793, {"tidle"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){27, 27}, "tidle", tidle, NULL},
	{2794, {"bttidcmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){27, 27}, "bttidcmp", bttidcmp, NULL},
	{2795, {"tidlarger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 27, (const Oid[]){27, 27}, "tidlarger", tidlarger, NULL},
	{2796, {"tidsmaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 27, (const Oid[]){27, 27}, "tidsmaller", tidsmaller, NULL},
	{2797, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 27, (const Oid[]){27}, "aggregate_dummy", NULL, NULL},
	{2798, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 27, (const Oid[]){27}, "aggregate_dummy", NULL, NULL},
	{2803, {"count"}, 11, 10, 12, 1, 0, 0, 6236, 'a', false, false, false, false, 'i', 's', 0, 0, 20, NULL, "aggregate_dummy", NULL, NULL},
	{2804, {"int8inc_any"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 2276}, "int8inc_any", int8inc_any, NULL},
	{2848, {"pg_switch_wal"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 0, 0, 3220, NULL, "pg_switch_wal", pg_switch_wal, NULL},
	{2849, {"pg_current_wal_lsn"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 0, 0, 3220, NULL, "pg_current_wal_lsn", pg_current_wal_lsn, NULL},
	{2851, {"pg_walfile_name"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){3220}, "pg_walfile_name", pg_walfile_name, NULL},
	{2852, {"pg_current_wal_insert_lsn"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 0, 0, 3220, NULL, "pg_current_wal_insert_lsn", pg_current_wal_insert_lsn, NULL},
	{2854, {"pg_my_temp_schema"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 0, 0, 26, NULL, "pg_my_temp_schema", pg_my_temp_schema, NULL},
	{2855, {"pg_is_other_temp_schema"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){26}, "pg_is_other_temp_schema", pg_is_other_temp_schema, NULL},
	{2858, {"numeric_avg_accum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 1700}, "numeric_avg_accum", numeric_avg_accum, NULL},
	{2878, {"pg_stat_get_live_tuples"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_live_tuples", pg_stat_get_live_tuples, NULL},
	{2879, {"pg_stat_get_dead_tuples"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_dead_tuples", pg_stat_get_dead_tuples, NULL},
	{2893, {"xml_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 142, (const Oid[]){2275}, "xml_in", NULL, NULL},
	{2894, {"xml_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){142}, "xml_out", NULL, NULL},
	{2898, {"xml_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 142, (const Oid[]){2281}, "xml_recv", NULL, NULL},
	{2899, {"xml_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){142}, "xml_send", NULL, NULL},
	{2902, {"varbittypmodin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1263}, "varbittypmodin", varbittypmodin, NULL},
	{2903, {"intervaltypmodin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1263}, "intervaltypmodin", NULL, NULL},
	{2904, {"intervaltypmodout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){23}, "intervaltypmodout", NULL, NULL},
	{2905, {"timestamptypmodin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1263}, "timestamptypmodin", timestamptypmodin, NULL},
	{2906, {"timestamptypmodout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){23}, "timestamptypmodout", timestamptypmodout, NULL},
	{2907, {"timestamptztypmodin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1263}, "timestamptztypmodin", timestamptztypmodin, NULL},
	{2908, {"timestamptztypmodout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){23}, "timestamptztypmodout", timestamptztypmodout, NULL},
	{2909, {"timetypmodin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1263}, "timetypmodin", NULL, NULL},
	{2910, {"timetypmodout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){23}, "timetypmodout", NULL, NULL},
	{2911, {"timetztypmodin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1263}, "timetztypmodin", NULL, NULL},
	{2912, {"timetztypmodout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){23}, "timetztypmodout", NULL, NULL},
	{2913, {"bpchartypmodin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1263}, "bpchartypmodin", bpchartypmodin, NULL},
	{2914, {"bpchartypmodout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){23}, "bpchartypmodout", bpchartypmodout, NULL},
	{2915, {"varchartypmodin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1263}, "varchartypmodin", varchartypmodin, NULL},
	{2916, {"varchartypmodout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){23}, "varchartypmodout", varchartypmodout, NULL},
	{2917, {"numerictypmodin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1263}, "numerictypmodin", numerictypmodin, NULL},
	{2918, {"numerictypmodout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){23}, "numerictypmodout", numerictypmodout, NULL},
	{2919, {"bittypmodin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1263}, "bittypmodin", bittypmodin, NULL},
	{2920, {"bittypmodout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){23}, "bittypmodout", bittypmodout, NULL},
	{2921, {"varbittypmodout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){23}, "varbittypmodout", varbittypmodout, NULL},
	{2939, {"txid_snapshot_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2970, (const Oid[]){2275}, "pg_snapshot_in", NULL, NULL},
	{2940, {"txid_snapshot_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){2970}, "pg_snapshot_out", NULL, NULL},
	{2941, {"txid_snapshot_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2970, (const Oid[]){2281}, "pg_snapshot_recv", NULL, NULL},
	{2942, {"txid_snapshot_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){2970}, "pg_snapshot_send", NULL, NULL},
	{2943, {"txid_current"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'u', 0, 0, 20, NULL, "pg_current_xact_id", pg_current_xact_id, NULL},
	{2952, {"uuid_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2950, (const Oid[]){2275}, "uuid_in", uuid_in, NULL},
	{2953, {"uuid_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){2950}, "uuid_out", uuid_out, NULL},
	{2954, {"uuid_lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2950, 2950}, "uuid_lt", uuid_lt, NULL},
	{2955, {"uuid_le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2950, 2950}, "uuid_le", uuid_le, NULL},
	{2956, {"uuid_eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2950, 2950}, "uuid_eq", uuid_eq, NULL},
	{2957, {"uuid_ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2950, 2950}, "uuid_ge", uuid_ge, NULL},
	{2958, {"uuid_gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2950, 2950}, "uuid_gt", uuid_gt, NULL},
	{2959, {"uuid_ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){2950, 2950}, "uuid_ne", uuid_ne, NULL},
	{2960, {"uuid_cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){2950, 2950}, "uuid_cmp", uuid_cmp, NULL},
	{2961, {"uuid_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2950, (const Oid[]){2281}, "uuid_recv", uuid_recv, NULL},
	{2962, {"uuid_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){2950}, "uuid_send", uuid_send, NULL},
	{2971, {"text"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){16}, "booltext", booltext, NULL},
	{2997, {"pg_table_size"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 20, (const Oid[]){2205}, "pg_table_size", pg_table_size, NULL},
	{2998, {"pg_indexes_size"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 20, (const Oid[]){2205}, "pg_indexes_size", pg_indexes_size, NULL},
	{2999, {"pg_relation_filenode"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 26, (const Oid[]){2205}, "pg_relation_filenode", pg_relation_filenode, NULL},
	{3030, {"overlay"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 4, 0, 1560, (const Oid[]){1560, 1560, 23, 23}, "bitoverlay", bitoverlay, NULL},
	{3031, {"overlay"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1560, (const Oid[]){1560, 1560, 23}, "bitoverlay_no_len", bitoverlay_no_len, NULL},
	{3032, {"get_bit"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){1560, 23}, "bitgetbit", bitgetbit, NULL},
	{3033, {"set_bit"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1560, (const Oid[]){1560, 23, 23}, "bitsetbit", bitsetbit, NULL},
	{3034, {"pg_relation_filepath"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){2205}, "pg_relation_filepath", pg_relation_filepath, NULL},
	{3054, {"pg_stat_get_vacuum_count"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_vacuum_count", pg_stat_get_vacuum_count, NULL},
	{3055, {"pg_stat_get_autovacuum_count"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_autovacuum_count", pg_stat_get_autovacuum_count, NULL},
	{3056, {"pg_stat_get_analyze_count"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_analyze_count", pg_stat_get_analyze_count, NULL},
	{3057, {"pg_stat_get_autoanalyze_count"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_autoanalyze_count", pg_stat_get_autoanalyze_count, NULL},
	{3058, {"concat"}, 11, 10, 12, 1, 0, 2276, 0, 'f', false, false, false, false, 's', 's', 1, 0, 25, (const Oid[]){2276}, "text_concat", text_concat, NULL},
	{3059, {"concat_ws"}, 11, 10, 12, 1, 0, 2276, 0, 'f', false, false, false, false, 's', 's', 2, 0, 25, (const Oid[]){25, 2276}, "text_concat_ws", text_concat_ws, NULL},
	{3060, {"left"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 23}, "text_left", text_left, NULL},
	{3061, {"right"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 23}, "text_right", text_right, NULL},
	{3062, {"reverse"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){25}, "text_reverse", text_reverse, NULL},
	{3097, {"varchar_support"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "varchar_support", NULL, NULL},
	{3116, {"fdw_handler_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 3115, (const Oid[]){2275}, "fdw_handler_in", fdw_handler_in, NULL},
	{3117, {"fdw_handler_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){3115}, "fdw_handler_out", fdw_handler_out, NULL},
	{3120, {"void_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2278, (const Oid[]){2281}, "void_recv", void_recv, NULL},
	{3121, {"void_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){2278}, "void_send", void_send, NULL},
	{3157, {"numeric_support"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "numeric_support", NULL, NULL},
	{3158, {"varbit_support"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "varbit_support", NULL, NULL},
	{3165, {"pg_wal_lsn_diff"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){3220, 3220}, "pg_wal_lsn_diff", pg_wal_lsn_diff, NULL},
	{3166, {"pg_size_pretty"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 25, (const Oid[]){1700}, "pg_size_pretty_numeric", pg_size_pretty_numeric, NULL},
	{3167, {"array_remove"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 5078, (const Oid[]){5078, 5077}, "array_remove", array_remove, NULL},
	{3168, {"array_replace"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 3, 0, 5078, (const Oid[]){5078, 5077, 5077}, "array_replace", array_replace, NULL},
	{3177, {"pg_stat_get_mod_since_analyze"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_mod_since_analyze", pg_stat_get_mod_since_analyze, NULL},
	{3178, {"numeric_sum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){2281}, "numeric_sum", numeric_sum, NULL},
	{3179, {"cardinality"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){2277}, "array_cardinality", array_cardinality, NULL},
	{3229, {"pg_lsn_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 3220, (const Oid[]){2275}, "pg_lsn_in", pg_lsn_in, NULL},
	{3230, {"pg_lsn_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){3220}, "pg_lsn_out", pg_lsn_out, NULL},
	{3231, {"pg_lsn_lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){3220, 3220}, "pg_lsn_lt", pg_lsn_lt, NULL},
	{3232, {"pg_lsn_le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){3220, 3220}, "pg_lsn_le", pg_lsn_le, NULL},
	{3233, {"pg_lsn_eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){3220, 3220}, "pg_lsn_eq", pg_lsn_eq, NULL},
	{3234, {"pg_lsn_ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){3220, 3220}, "pg_lsn_ge", pg_lsn_ge, NULL},
	{3235, {"pg_lsn_gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){3220, 3220}, "pg_lsn_gt", pg_lsn_gt, NULL},
	{3236, {"pg_lsn_ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){3220, 3220}, "pg_lsn_ne", pg_lsn_ne, NULL},
	{3237, {"pg_lsn_mi"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){3220, 3220}, "pg_lsn_mi", pg_lsn_mi, NULL},
	{3238, {"pg_lsn_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 3220, (const Oid[]){2281}, "pg_lsn_recv", pg_lsn_recv, NULL},
	{3239, {"pg_lsn_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){3220}, "pg_lsn_send", pg_lsn_send, NULL},
	{3251, {"pg_lsn_cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){3220, 3220}, "pg_lsn_cmp", pg_lsn_cmp, NULL},
	{3277, {"array_position"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 23, (const Oid[]){5078, 5077}, "array_position", array_position, NULL},
	{3278, {"array_position"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 3, 0, 23, (const Oid[]){5078, 5077, 23}, "array_position_start", array_position_start, NULL},
	{3279, {"array_positions"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 1007, (const Oid[]){5078, 5077}, "array_positions", array_positions, NULL},
	{3281, {"scale"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1700}, "numeric_scale", numeric_scale, NULL},
	{3294, {"current_setting"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 25, (const Oid[]){25, 16}, "show_config_by_name_missing_ok", show_config_by_name_missing_ok, NULL},
	{3308, {"xidneq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){28, 28}, "xidneq", xidneq, NULL},
	{3309, {"xidneqint4"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){28, 23}, "xidneq", xidneq, NULL},
	{3311, {"tsm_handler_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 3310, (const Oid[]){2275}, "tsm_handler_in", tsm_handler_in, NULL},
	{3312, {"tsm_handler_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){3310}, "tsm_handler_out", tsm_handler_out, NULL},
	{3324, {"int4_avg_combine"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1016, (const Oid[]){1016, 1016}, "int4_avg_combine", int4_avg_combine, NULL},
	{3330, {"pg_current_wal_flush_lsn"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 0, 0, 3220, NULL, "pg_current_wal_flush_lsn", pg_current_wal_flush_lsn, NULL},
	{3334, {"pg_size_bytes"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){25}, "pg_size_bytes", pg_size_bytes, NULL},
	{3335, {"numeric_serialize"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){2281}, "numeric_serialize", NULL, NULL},
	{3336, {"numeric_deserialize"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 2281, (const Oid[]){17, 2281}, "numeric_deserialize", NULL, NULL},
	{3337, {"numeric_avg_combine"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 2281}, "numeric_avg_combine", NULL, NULL},
	{3338, {"numeric_poly_combine"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 2281}, "numeric_poly_combine", NULL, NULL},
	{3339, {"numeric_poly_serialize"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){2281}, "numeric_poly_serialize", NULL, NULL},
	{3340, {"numeric_poly_deserialize"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 2281, (const Oid[]){17, 2281}, "numeric_poly_deserialize", NULL, NULL},
	{3341, {"numeric_combine"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 2281}, "numeric_combine", NULL, NULL},
	{3348, {"txid_current_if_assigned"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'u', 0, 0, 20, NULL, "pg_current_xact_id_if_assigned", pg_current_xact_id_if_assigned, NULL},
	{3352, {"pg_get_partkeydef"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){26}, "pg_get_partkeydef", pg_get_partkeydef, NULL},
	{3355, {"pg_ndistinct_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 3361, (const Oid[]){2275}, "pg_ndistinct_in", NULL, NULL},
	{3356, {"pg_ndistinct_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){3361}, "pg_ndistinct_out", NULL, NULL},
	{3357, {"pg_ndistinct_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 3361, (const Oid[]){2281}, "pg_ndistinct_recv", NULL, NULL},
	{3358, {"pg_ndistinct_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){3361}, "pg_ndistinct_send", NULL, NULL},
	{3387, {"int8_avg_accum_inv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 20}, "int8_avg_accum_inv", NULL, NULL},
	{3388, {"numeric_poly_sum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){2281}, "numeric_poly_sum", numeric_poly_sum, NULL},
	{3389, {"numeric_poly_avg"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){2281}, "numeric_poly_avg", numeric_poly_avg, NULL},
	{3390, {"numeric_poly_var_pop"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){2281}, "numeric_poly_var_pop", numeric_poly_var_pop, NULL},
	{3391, {"numeric_poly_var_samp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){2281}, "numeric_poly_var_samp", numeric_poly_var_samp, NULL},
	{3392, {"numeric_poly_stddev_pop"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){2281}, "numeric_poly_stddev_pop", numeric_poly_stddev_pop, NULL},
	{3393, {"numeric_poly_stddev_samp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 1700, (const Oid[]){2281}, "numeric_poly_stddev_samp", numeric_poly_stddev_samp, NULL},
	{3403, {"pg_statistics_obj_is_visible"}, 11, 10, 12, 10, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){26}, "pg_statistics_obj_is_visible", pg_statistics_obj_is_visible, NULL},
	{3404, {"pg_dependencies_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 3402, (const Oid[]){2275}, "pg_dependencies_in", NULL, NULL},
	{3405, {"pg_dependencies_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){3402}, "pg_dependencies_out", NULL, NULL},
	{3406, {"pg_dependencies_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 3402, (const Oid[]){2281}, "pg_dependencies_recv", NULL, NULL},
	{3407, {"pg_dependencies_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){3402}, "pg_dependencies_send", NULL, NULL},
	{3432, {"gen_random_uuid"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'v', 's', 0, 0, 2950, NULL, "gen_random_uuid", gen_random_uuid, NULL},
	{3437, {"prefixsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "prefixsel", NULL, NULL},
	{3438, {"prefixjoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "prefixjoinsel", NULL, NULL},
	{3446, {"macaddr8_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 774, (const Oid[]){2281}, "macaddr8_recv", NULL, NULL},
	{3447, {"macaddr8_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){774}, "macaddr8_send", NULL, NULL},
	{3493, {"to_regtype"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2206, (const Oid[]){25}, "to_regtype", to_regtype, NULL},
	{3495, {"to_regclass"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2205, (const Oid[]){25}, "to_regclass", to_regclass, NULL},
	{3496, {"bool_accum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 16}, "bool_accum", NULL, NULL},
	{3497, {"bool_accum_inv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 16}, "bool_accum_inv", NULL, NULL},
	{3498, {"bool_alltrue"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 16, (const Oid[]){2281}, "bool_alltrue", NULL, NULL},
	{3499, {"bool_anytrue"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 16, (const Oid[]){2281}, "bool_anytrue", NULL, NULL},
	{3504, {"anyenum_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 3500, (const Oid[]){2275}, "anyenum_in", NULL, NULL},
	{3505, {"anyenum_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){3500}, "anyenum_out", NULL, NULL},
	{3535, {"string_agg_transfn"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 3, 0, 2281, (const Oid[]){2281, 25, 25}, "string_agg_transfn", string_agg_transfn, NULL},
	{3536, {"string_agg_finalfn"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 25, (const Oid[]){2281}, "string_agg_finalfn", string_agg_finalfn, NULL},
	{3537, {"pg_describe_object"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 25, (const Oid[]){26, 26, 23}, "pg_describe_object", pg_describe_object, NULL},
	{3538, {"string_agg"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 2, 0, 25, (const Oid[]){25, 25}, "aggregate_dummy", NULL, NULL},
	{3539, {"format"}, 11, 10, 12, 1, 0, 2276, 0, 'f', false, false, false, false, 's', 's', 2, 0, 25, (const Oid[]){25, 2276}, "text_format", text_format, NULL},
	{3540, {"format"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 's', 's', 1, 0, 25, (const Oid[]){25}, "text_format_nv", text_format_nv, NULL},
	{3546, {"int8dec"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){20}, "int8dec", int8dec, NULL},
	{3547, {"int8dec_any"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 2276}, "int8dec_any", int8dec_any, NULL},
	{3548, {"numeric_accum_inv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 1700}, "numeric_accum_inv", NULL, NULL},
	{3567, {"int2_accum_inv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 21}, "int2_accum_inv", NULL, NULL},
	{3568, {"int4_accum_inv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 23}, "int4_accum_inv", NULL, NULL},
	{3569, {"int8_accum_inv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 20}, "int8_accum_inv", NULL, NULL},
	{3570, {"int2_avg_accum_inv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1016, (const Oid[]){1016, 21}, "int2_avg_accum_inv", NULL, NULL},
	{3571, {"int4_avg_accum_inv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1016, (const Oid[]){1016, 23}, "int4_avg_accum_inv", NULL, NULL},
	{3572, {"int2int4_sum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){1016}, "int2int4_sum", int2int4_sum, NULL},
	{3594, {"event_trigger_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 1, 0, 3838, (const Oid[]){2275}, "event_trigger_in", event_trigger_in, NULL},
	{3595, {"event_trigger_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){3838}, "event_trigger_out", event_trigger_out, NULL},
	{3610, {"tsvectorin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 3614, (const Oid[]){2275}, "tsvectorin", NULL, NULL},
	{3611, {"tsvectorout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){3614}, "tsvectorout", NULL, NULL},
	{3612, {"tsqueryin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 3615, (const Oid[]){2275}, "tsqueryin", NULL, NULL},
	{3613, {"tsqueryout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){3615}, "tsqueryout", NULL, NULL},
	{3638, {"tsvectorsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){3614}, "tsvectorsend", NULL, NULL},
	{3639, {"tsvectorrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 3614, (const Oid[]){2281}, "tsvectorrecv", NULL, NULL},
	{3640, {"tsquerysend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){3615}, "tsquerysend", NULL, NULL},
	{3641, {"tsqueryrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 3615, (const Oid[]){2281}, "tsqueryrecv", NULL, NULL},
	{3646, {"gtsvectorin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 3642, (const Oid[]){2275}, "gtsvectorin", NULL, NULL},
	{3647, {"gtsvectorout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){3642}, "gtsvectorout", NULL, NULL},
	{3688, {"ts_typanalyze"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){2281}, "ts_typanalyze", NULL, NULL},
	{3696, {"starts_with"}, 11, 10, 12, 1, 0, 0, 6242, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){25, 25}, "text_starts_with", text_starts_with, NULL},
	{3736, {"regconfigin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 3734, (const Oid[]){2275}, "regconfigin", NULL, NULL},
	{3737, {"regconfigout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){3734}, "regconfigout", NULL, NULL},
	{3738, {"regconfigrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 3734, (const Oid[]){2281}, "regconfigrecv", NULL, NULL},
	{3739, {"regconfigsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){3734}, "regconfigsend", NULL, NULL},
	{3756, {"pg_ts_parser_is_visible"}, 11, 10, 12, 10, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){26}, "pg_ts_parser_is_visible", pg_ts_parser_is_visible, NULL},
	{3757, {"pg_ts_dict_is_visible"}, 11, 10, 12, 10, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){26}, "pg_ts_dict_is_visible", pg_ts_dict_is_visible, NULL},
	{3758, {"pg_ts_config_is_visible"}, 11, 10, 12, 10, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){26}, "pg_ts_config_is_visible", pg_ts_config_is_visible, NULL},
	{3768, {"pg_ts_template_is_visible"}, 11, 10, 12, 10, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){26}, "pg_ts_template_is_visible", pg_ts_template_is_visible, NULL},
	{3771, {"regdictionaryin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 3769, (const Oid[]){2275}, "regdictionaryin", NULL, NULL},
	{3772, {"regdictionaryout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){3769}, "regdictionaryout", NULL, NULL},
	{3773, {"regdictionaryrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 3769, (const Oid[]){2281}, "regdictionaryrecv", NULL, NULL},
	{3774, {"regdictionarysend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){3769}, "regdictionarysend", NULL, NULL},
	{3776, {"pg_stat_reset_single_table_counters"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 2278, (const Oid[]){26}, "pg_stat_reset_single_table_counters", pg_stat_reset_single_table_counters, NULL},
	{3778, {"pg_tablespace_location"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){26}, "pg_tablespace_location", pg_tablespace_location, NULL},
	{3803, {"jsonb_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){3802}, "jsonb_send", NULL, NULL},
	{3804, {"jsonb_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){3802}, "jsonb_out", NULL, NULL},
	{3805, {"jsonb_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 3802, (const Oid[]){2281}, "jsonb_recv", NULL, NULL},
	{3806, {"jsonb_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 3802, (const Oid[]){2275}, "jsonb_in", NULL, NULL},
	{3810, {"pg_is_in_recovery"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 0, 0, 16, NULL, "pg_is_in_recovery", pg_is_in_recovery, NULL},
	{3815, {"pg_collation_is_visible"}, 11, 10, 12, 10, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){26}, "pg_collation_is_visible", pg_collation_is_visible, NULL},
	{3816, {"array_typanalyze"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){2281}, "array_typanalyze", NULL, NULL},
	{3817, {"arraycontsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 4, 0, 701, (const Oid[]){2281, 26, 2281, 23}, "arraycontsel", NULL, NULL},
	{3818, {"arraycontjoinsel"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 5, 0, 701, (const Oid[]){2281, 26, 2281, 21, 2281}, "arraycontjoinsel", NULL, NULL},
	{3829, {"pg_opfamily_is_visible"}, 11, 10, 12, 10, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){26}, "pg_opfamily_is_visible", pg_opfamily_is_visible, NULL},
	{3832, {"anyrange_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 3831, (const Oid[]){2275, 26, 23}, "anyrange_in", NULL, NULL},
	{3833, {"anyrange_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){3831}, "anyrange_out", NULL, NULL},
	{3917, {"timestamp_support"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "timestamp_support", NULL, NULL},
	{3943, {"acldefault"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1034, (const Oid[]){18, 26}, "acldefault_sql", acldefault_sql, NULL},
	{3994, {"generate_series_int4_support"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "generate_series_int4_support", NULL, NULL},
	{3995, {"generate_series_int8_support"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "generate_series_int8_support", NULL, NULL},
	{3996, {"array_unnest_support"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "array_unnest_support", NULL, NULL},
	{4001, {"jsonpath_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 4072, (const Oid[]){2275}, "jsonpath_in", NULL, NULL},
	{4002, {"jsonpath_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 4072, (const Oid[]){2281}, "jsonpath_recv", NULL, NULL},
	{4003, {"jsonpath_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){4072}, "jsonpath_out", NULL, NULL},
	{4004, {"jsonpath_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){4072}, "jsonpath_send", NULL, NULL},
	{4051, {"array_agg_array_transfn"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2281, (const Oid[]){2281, 2277}, "array_agg_array_transfn", array_agg_array_transfn, NULL},
	{4052, {"array_agg_array_finalfn"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, false, false, 'i', 's', 2, 0, 2277, (const Oid[]){2281, 2277}, "array_agg_array_finalfn", array_agg_array_finalfn, NULL},
	{4053, {"array_agg"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 2277, (const Oid[]){2277}, "aggregate_dummy", NULL, NULL},
	{4084, {"regnamespacein"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 4089, (const Oid[]){2275}, "regnamespacein", regnamespacein, NULL},
	{4085, {"regnamespaceout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){4089}, "regnamespaceout", regnamespaceout, NULL},
	{4087, {"regnamespacerecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 4089, (const Oid[]){2281}, "regnamespacerecv", regnamespacerecv, NULL},
	{4088, {"regnamespacesend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){4089}, "regnamespacesend", regnamespacesend, NULL},
	{4092, {"regroleout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){4096}, "regroleout", NULL, NULL},
	{4094, {"regrolerecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 4096, (const Oid[]){2281}, "regrolerecv", NULL, NULL},
	{4095, {"regrolesend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){4096}, "regrolesend", NULL, NULL},
	{4098, {"regrolein"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 4096, (const Oid[]){2275}, "regrolein", NULL, NULL},
	{4110, {"macaddr8_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 774, (const Oid[]){2275}, "macaddr8_in", NULL, NULL},
	{4111, {"macaddr8_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){774}, "macaddr8_out", NULL, NULL},
	{4187, {"pg_lsn_larger"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 3220, (const Oid[]){3220, 3220}, "pg_lsn_larger", pg_lsn_larger, NULL},
	{4188, {"pg_lsn_smaller"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 3220, (const Oid[]){3220, 3220}, "pg_lsn_smaller", pg_lsn_smaller, NULL},
	{4189, {"max"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 3220, (const Oid[]){3220}, "aggregate_dummy", NULL, NULL},
	{4190, {"min"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 3220, (const Oid[]){3220}, "aggregate_dummy", NULL, NULL},
	{4193, {"regcollationin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 4191, (const Oid[]){2275}, "regcollationin", NULL, NULL},
	{4194, {"regcollationout"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){4191}, "regcollationout", NULL, NULL},
	{4196, {"regcollationrecv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 4191, (const Oid[]){2281}, "regcollationrecv", NULL, NULL},
	{4197, {"regcollationsend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){4191}, "regcollationsend", NULL, NULL},
	{4226, {"anycompatiblemultirange_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 4538, (const Oid[]){2275, 26, 23}, "anycompatiblemultirange_in", NULL, NULL},
	{4227, {"anycompatiblemultirange_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){4538}, "anycompatiblemultirange_out", NULL, NULL},
	{4229, {"anymultirange_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 4537, (const Oid[]){2275, 26, 23}, "anymultirange_in", NULL, NULL},
	{4230, {"anymultirange_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){4537}, "anymultirange_out", NULL, NULL},
	{4596, {"brin_bloom_summary_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 4600, (const Oid[]){2275}, "brin_bloom_summary_in", NULL, NULL},
	{4597, {"brin_bloom_summary_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){4600}, "brin_bloom_summary_out", NULL, NULL},
	{4598, {"brin_bloom_summary_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 4600, (const Oid[]){2281}, "brin_bloom_summary_recv", NULL, NULL},
	{4599, {"brin_bloom_summary_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){4600}, "brin_bloom_summary_send", NULL, NULL},
	{4638, {"brin_minmax_multi_summary_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 4601, (const Oid[]){2275}, "brin_minmax_multi_summary_in", NULL, NULL},
	{4639, {"brin_minmax_multi_summary_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){4601}, "brin_minmax_multi_summary_out", NULL, NULL},
	{4640, {"brin_minmax_multi_summary_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 4601, (const Oid[]){2281}, "brin_minmax_multi_summary_recv", NULL, NULL},
	{4641, {"brin_minmax_multi_summary_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){4601}, "brin_minmax_multi_summary_send", NULL, NULL},
	{5018, {"pg_mcv_list_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 5017, (const Oid[]){2275}, "pg_mcv_list_in", NULL, NULL},
	{5019, {"pg_mcv_list_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){5017}, "pg_mcv_list_out", NULL, NULL},
	{5020, {"pg_mcv_list_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 5017, (const Oid[]){2281}, "pg_mcv_list_recv", NULL, NULL},
	{5021, {"pg_mcv_list_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){5017}, "pg_mcv_list_send", NULL, NULL},
	{5034, {"xid8lt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){5069, 5069}, "xid8lt", xid8lt, NULL},
	{5035, {"xid8gt"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){5069, 5069}, "xid8gt", xid8gt, NULL},
	{5036, {"xid8le"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){5069, 5069}, "xid8le", xid8le, NULL},
	{5037, {"xid8ge"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){5069, 5069}, "xid8ge", xid8ge, NULL},
	{5044, {"gcd"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){23, 23}, "int4gcd", int4gcd, NULL},
	{5045, {"gcd"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 20, (const Oid[]){20, 20}, "int8gcd", int8gcd, NULL},
	{5053, {"pg_stat_get_ins_since_vacuum"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'r', 1, 0, 20, (const Oid[]){26}, "pg_stat_get_ins_since_vacuum", pg_stat_get_ins_since_vacuum, NULL},
	{5055, {"pg_snapshot_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 5038, (const Oid[]){2275}, "pg_snapshot_in", NULL, NULL},
	{5056, {"pg_snapshot_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){5038}, "pg_snapshot_out", NULL, NULL},
	{5057, {"pg_snapshot_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 5038, (const Oid[]){2281}, "pg_snapshot_recv", NULL, NULL},
	{5058, {"pg_snapshot_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){5038}, "pg_snapshot_send", NULL, NULL},
	{5059, {"pg_current_xact_id"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'u', 0, 0, 5069, NULL, "pg_current_xact_id", pg_current_xact_id, NULL},
	{5060, {"pg_current_xact_id_if_assigned"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 'u', 0, 0, 5069, NULL, "pg_current_xact_id_if_assigned", pg_current_xact_id_if_assigned, NULL},
	{5070, {"xid8in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 5069, (const Oid[]){2275}, "xid8in", xid8in, NULL},
	{5071, {"xid"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 28, (const Oid[]){5069}, "xid8toxid", xid8toxid, NULL},
	{5081, {"xid8out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){5069}, "xid8out", xid8out, NULL},
	{5082, {"xid8recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 5069, (const Oid[]){2281}, "xid8recv", xid8recv, NULL},
	{5083, {"xid8send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){5069}, "xid8send", xid8send, NULL},
	{5084, {"xid8eq"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){5069, 5069}, "xid8eq", xid8eq, NULL},
	{5085, {"xid8ne"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 16, (const Oid[]){5069, 5069}, "xid8ne", xid8ne, NULL},
	{5086, {"anycompatible_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 5077, (const Oid[]){2275}, "anycompatible_in", anycompatible_in, NULL},
	{5087, {"anycompatible_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){5077}, "anycompatible_out", anycompatible_out, NULL},
	{5088, {"anycompatiblearray_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 5078, (const Oid[]){2275}, "anycompatiblearray_in", NULL, NULL},
	{5089, {"anycompatiblearray_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){5078}, "anycompatiblearray_out", NULL, NULL},
	{5090, {"anycompatiblearray_recv"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 5078, (const Oid[]){2281}, "anycompatiblearray_recv", NULL, NULL},
	{5091, {"anycompatiblearray_send"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 17, (const Oid[]){5078}, "anycompatiblearray_send", NULL, NULL},
	{5092, {"anycompatiblenonarray_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 5079, (const Oid[]){2275}, "anycompatiblenonarray_in", anycompatiblenonarray_in, NULL},
	{5093, {"anycompatiblenonarray_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){5079}, "anycompatiblenonarray_out", anycompatiblenonarray_out, NULL},
	{5094, {"anycompatiblerange_in"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 3, 0, 5080, (const Oid[]){2275, 26, 23}, "anycompatiblerange_in", NULL, NULL},
	{5095, {"anycompatiblerange_out"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2275, (const Oid[]){5080}, "anycompatiblerange_out", NULL, NULL},
	{5096, {"xid8cmp"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, true, true, false, 'i', 's', 2, 0, 23, (const Oid[]){5069, 5069}, "xid8cmp", xid8cmp, NULL},
	{6098, {"jsonb_subscript_handler"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "jsonb_subscript_handler", NULL, NULL},
	{6120, {"pg_get_replica_identity_index"}, 11, 10, 12, 10, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 2205, (const Oid[]){2205}, "pg_get_replica_identity_index", pg_get_replica_identity_index, NULL},
	{6121, {"pg_relation_is_publishable"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 16, (const Oid[]){2205}, "pg_relation_is_publishable", pg_relation_is_publishable, NULL},
	{6162, {"bit_count"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 20, (const Oid[]){1560}, "bit_bit_count", bit_bit_count, NULL},
	{6164, {"bit_xor"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 21, (const Oid[]){21}, "aggregate_dummy", NULL, NULL},
	{6165, {"bit_xor"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 23, (const Oid[]){23}, "aggregate_dummy", NULL, NULL},
	{6166, {"bit_xor"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 20, (const Oid[]){20}, "aggregate_dummy", NULL, NULL},
	{6167, {"bit_xor"}, 11, 10, 12, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 1560, (const Oid[]){1560}, "aggregate_dummy", NULL, NULL},
	{6172, {"trim_array"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 2277, (const Oid[]){2277, 23}, "trim_array", trim_array, NULL},
	{6174, {"pg_get_statisticsobjdef_columns"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){26}, "pg_get_statisticsobjdef_columns", pg_get_statisticsobjdef_columns, NULL},
	{6179, {"array_subscript_handler"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "array_subscript_handler", NULL, NULL},
	{6180, {"raw_array_subscript_handler"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "raw_array_subscript_handler", NULL, NULL},
	{6197, {"pg_get_function_sqlbody"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 1, 0, 25, (const Oid[]){26}, "pg_get_function_sqlbody", pg_get_function_sqlbody, NULL},
	{6199, {"extract"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){25, 1082}, "extract_date", extract_date, NULL},
	{6202, {"extract"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){25, 1114}, "extract_timestamp", extract_timestamp, NULL},
	{6203, {"extract"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 's', 's', 2, 0, 1700, (const Oid[]){25, 1184}, "extract_timestamptz", extract_timestamptz, NULL},
	{6204, {"extract"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1700, (const Oid[]){25, 1186}, "extract_interval", extract_interval, NULL},
	{6236, {"int8inc_support"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "int8inc_support", NULL, NULL},
	{6242, {"text_starts_with_support"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2281, (const Oid[]){2281}, "text_starts_with_support", NULL, NULL},
	{9100, {"vector_in"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9000, (const Oid[]){2275, 26, 23}, "vector_in", vector_in, "vector"},
	{9101, {"vector_out"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){9000}, "vector_out", vector_out, "vector"},
	{9102, {"vector_typmod_in"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1263}, "vector_typmod_in", vector_typmod_in, "vector"},
	{9103, {"vector_recv"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9000, (const Oid[]){2281, 26, 23}, "vector_recv", vector_recv, "vector"},
	{9104, {"vector_send"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){9000}, "vector_send", vector_send, "vector"},
	{9105, {"l2_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9000, 9000}, "l2_distance", l2_distance, "vector"},
	{9106, {"inner_product"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9000, 9000}, "inner_product", inner_product, "vector"},
	{9107, {"cosine_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9000, 9000}, "cosine_distance", cosine_distance, "vector"},
	{9108, {"l1_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9000, 9000}, "l1_distance", l1_distance, "vector"},
	{9109, {"vector_dims"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){9000}, "vector_dims", vector_dims, "vector"},
	{9110, {"vector_norm"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){9000}, "vector_norm", vector_norm, "vector"},
	{9111, {"l2_normalize"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 9000, (const Oid[]){9000}, "l2_normalize", l2_normalize, "vector"},
	{9112, {"subvector"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9000, (const Oid[]){9000, 23, 23}, "subvector", subvector, "vector"},
	{9113, {"vector_add"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 9000, (const Oid[]){9000, 9000}, "vector_add", vector_add, "vector"},
	{9114, {"vector_sub"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 9000, (const Oid[]){9000, 9000}, "vector_sub", vector_sub, "vector"},
	{9115, {"vector_mul"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 9000, (const Oid[]){9000, 9000}, "vector_mul", vector_mul, "vector"},
	{9116, {"vector_concat"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 9000, (const Oid[]){9000, 9000}, "vector_concat", vector_concat, "vector"},
	{9117, {"vector_lt"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9000, 9000}, "vector_lt", vector_lt, "vector"},
	{9118, {"vector_le"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9000, 9000}, "vector_le", vector_le, "vector"},
	{9119, {"vector_eq"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9000, 9000}, "vector_eq", vector_eq, "vector"},
	{9120, {"vector_ne"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9000, 9000}, "vector_ne", vector_ne, "vector"},
	{9121, {"vector_ge"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9000, 9000}, "vector_ge", vector_ge, "vector"},
	{9122, {"vector_gt"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9000, 9000}, "vector_gt", vector_gt, "vector"},
	{9123, {"vector_cmp"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){9000, 9000}, "vector_cmp", vector_cmp, "vector"},
	{9124, {"vector_l2_squared_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9000, 9000}, "vector_l2_squared_distance", vector_l2_squared_distance, "vector"},
	{9125, {"vector_negative_inner_product"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9000, 9000}, "vector_negative_inner_product", vector_negative_inner_product, "vector"},
	{9126, {"vector_spherical_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9000, 9000}, "vector_spherical_distance", vector_spherical_distance, "vector"},
	{9127, {"vector"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9000, (const Oid[]){9000, 23, 16}, "vector", vector, "vector"},
	{9128, {"hnswhandler"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, false, false, 'v', 'u', 1, 0, 325, (const Oid[]){2281}, "hnswhandler", hnswhandler, "vector"},
	{9129, {"array_to_vector"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9000, (const Oid[]){1007, 23, 16}, "array_to_vector", array_to_vector, "vector"},
	{9130, {"array_to_vector"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9000, (const Oid[]){1021, 23, 16}, "array_to_vector", array_to_vector, "vector"},
	{9131, {"array_to_vector"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9000, (const Oid[]){1022, 23, 16}, "array_to_vector", array_to_vector, "vector"},
	{9132, {"array_to_vector"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9000, (const Oid[]){1231, 23, 16}, "array_to_vector", array_to_vector, "vector"},
	{9133, {"vector_to_float4"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1021, (const Oid[]){9000, 23, 16}, "vector_to_float4", vector_to_float4, "vector"},
	{9134, {"vector_accum"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1022, (const Oid[]){1022, 9000}, "vector_accum", vector_accum, "vector"},
	{9135, {"vector_avg"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 9000, (const Oid[]){1022}, "vector_avg", vector_avg, "vector"},
	{9136, {"vector_combine"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1022, (const Oid[]){1022, 1022}, "vector_combine", vector_combine, "vector"},
	{9137, {"avg"}, 2200, 10, 13, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 9000, (const Oid[]){9000}, "aggregate_dummy", NULL, "vector"},
	{9138, {"sum"}, 2200, 10, 13, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 9000, (const Oid[]){9000}, "aggregate_dummy", NULL, "vector"},
	{9139, {"ivfflathandler"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, false, false, 'v', 'u', 1, 0, 325, (const Oid[]){2281}, "ivfflathandler", ivfflathandler, "vector"},
	{9600, {"injection_points_attach"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 2, 0, 2278, (const Oid[]){25, 25}, "injection_points_attach", injection_points_attach, NULL},
	{9601, {"injection_points_detach"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 2278, (const Oid[]){25}, "injection_points_detach", injection_points_detach, NULL},
	{9602, {"injection_points_wakeup"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 2278, (const Oid[]){25}, "injection_points_wakeup", injection_points_wakeup, NULL},
	{9603, {"injection_points_run"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 2278, (const Oid[]){25}, "injection_points_run", injection_points_run, NULL},
	{9604, {"injection_points_hits"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 20, (const Oid[]){25}, "injection_points_hits", injection_points_hits, NULL},
	{9605, {"pg_terminate_backend"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 16, (const Oid[]){23}, "pg_terminate_backend_nowait", pg_terminate_backend_nowait, NULL},
	{9606, {"toast_index_handler"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 325, (const Oid[]){2281}, "toast_index_handler", toast_index_handler, NULL},
	{9607, {"tusk_check"}, 11, 10, 12, 1, 10, 0, 0, 'f', false, false, true, true, 'v', 'u', 1, 0, 25, (const Oid[]){2205}, "tusk_check", tusk_check, NULL},
	{9608, {"pg_stat_statements"}, 2200, 10, 13, 1, 1000, 0, 0, 'f', false, false, true, true, 'v', 's', 1, 0, 2249, (const Oid[]){16}, "pg_stat_statements", pg_stat_statements, "pg_stat_statements"},
	{9609, {"pg_stat_statements_info"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 0, 0, 2249, NULL, "pg_stat_statements_info", pg_stat_statements_info, "pg_stat_statements"},
	{9610, {"pg_stat_statements_reset"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 0, 0, 2278, NULL, "pg_stat_statements_reset", pg_stat_statements_reset, "pg_stat_statements"},
	{9611, {"pg_stat_statements_reset"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 2278, (const Oid[]){26}, "pg_stat_statements_reset", pg_stat_statements_reset, "pg_stat_statements"},
	{9612, {"pg_stat_statements_reset"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 2, 0, 2278, (const Oid[]){26, 26}, "pg_stat_statements_reset", pg_stat_statements_reset, "pg_stat_statements"},
	{9613, {"pg_stat_statements_reset"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 3, 0, 2278, (const Oid[]){26, 26, 20}, "pg_stat_statements_reset", pg_stat_statements_reset, "pg_stat_statements"},
	{9620, {"injection_points_record"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 2278, (const Oid[]){16}, "injection_points_record", injection_points_record, NULL},
	{9621, {"injection_points_set_local"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 0, 0, 2278, NULL, "injection_points_set_local", injection_points_set_local, NULL},
	{9622, {"injection_points_wakeup"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 2, 0, 2278, (const Oid[]){25, 23}, "injection_points_wakeup_pid", injection_points_wakeup_pid, NULL},
	{9634, {"injection_steps_begin"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 1, 0, 2278, (const Oid[]){25}, "injection_steps_begin", injection_steps_begin, NULL},
	{9635, {"injection_steps_end"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 0, 0, 2278, NULL, "injection_steps_end", injection_steps_end, NULL},
	{9636, {"injection_steps_verdict"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 0, 0, 25, NULL, "injection_steps_verdict", injection_steps_verdict, NULL},
	{9637, {"injection_steps"}, 11, 10, 12, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 's', 0, 0, 25, NULL, "injection_steps", injection_steps, NULL},
	{9638, {"parallel_sum"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'v', 'u', 2, 0, 20, (const Oid[]){23, 20}, "parallel_sum", parallel_sum, "parallel_sum"},
	{9640, {"halfvec_in"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9003, (const Oid[]){2275, 26, 23}, "halfvec_in", halfvec_in, "vector"},
	{9641, {"halfvec_out"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){9003}, "halfvec_out", halfvec_out, "vector"},
	{9642, {"halfvec_typmod_in"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1263}, "halfvec_typmod_in", halfvec_typmod_in, "vector"},
	{9643, {"halfvec_recv"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9003, (const Oid[]){2281, 26, 23}, "halfvec_recv", halfvec_recv, "vector"},
	{9644, {"halfvec_send"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){9003}, "halfvec_send", halfvec_send, "vector"},
	{9645, {"l2_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9003, 9003}, "halfvec_l2_distance", halfvec_l2_distance, "vector"},
	{9646, {"inner_product"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9003, 9003}, "halfvec_inner_product", halfvec_inner_product, "vector"},
	{9647, {"cosine_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9003, 9003}, "halfvec_cosine_distance", halfvec_cosine_distance, "vector"},
	{9648, {"l1_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9003, 9003}, "halfvec_l1_distance", halfvec_l1_distance, "vector"},
	{9649, {"vector_dims"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){9003}, "halfvec_vector_dims", halfvec_vector_dims, "vector"},
	{9650, {"l2_norm"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){9003}, "halfvec_l2_norm", halfvec_l2_norm, "vector"},
	{9651, {"l2_normalize"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 9003, (const Oid[]){9003}, "halfvec_l2_normalize", halfvec_l2_normalize, "vector"},
	{9652, {"subvector"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9003, (const Oid[]){9003, 23, 23}, "halfvec_subvector", halfvec_subvector, "vector"},
	{9653, {"halfvec_add"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 9003, (const Oid[]){9003, 9003}, "halfvec_add", halfvec_add, "vector"},
	{9654, {"halfvec_sub"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 9003, (const Oid[]){9003, 9003}, "halfvec_sub", halfvec_sub, "vector"},
	{9655, {"halfvec_mul"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 9003, (const Oid[]){9003, 9003}, "halfvec_mul", halfvec_mul, "vector"},
	{9656, {"halfvec_concat"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 9003, (const Oid[]){9003, 9003}, "halfvec_concat", halfvec_concat, "vector"},
	{9657, {"halfvec_lt"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9003, 9003}, "halfvec_lt", halfvec_lt, "vector"},
	{9658, {"halfvec_le"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9003, 9003}, "halfvec_le", halfvec_le, "vector"},
	{9659, {"halfvec_eq"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9003, 9003}, "halfvec_eq", halfvec_eq, "vector"},
	{9660, {"halfvec_ne"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9003, 9003}, "halfvec_ne", halfvec_ne, "vector"},
	{9661, {"halfvec_ge"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9003, 9003}, "halfvec_ge", halfvec_ge, "vector"},
	{9662, {"halfvec_gt"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9003, 9003}, "halfvec_gt", halfvec_gt, "vector"},
	{9663, {"halfvec_cmp"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){9003, 9003}, "halfvec_cmp", halfvec_cmp, "vector"},
	{9664, {"halfvec_l2_squared_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9003, 9003}, "halfvec_l2_squared_distance", halfvec_l2_squared_distance, "vector"},
	{9665, {"halfvec_negative_inner_product"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9003, 9003}, "halfvec_negative_inner_product", halfvec_negative_inner_product, "vector"},
	{9666, {"halfvec_spherical_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9003, 9003}, "halfvec_spherical_distance", halfvec_spherical_distance, "vector"},
	{9667, {"halfvec"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9003, (const Oid[]){9003, 23, 16}, "halfvec", halfvec, "vector"},
	{9668, {"array_to_halfvec"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9003, (const Oid[]){1007, 23, 16}, "array_to_halfvec", array_to_halfvec, "vector"},
	{9669, {"array_to_halfvec"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9003, (const Oid[]){1021, 23, 16}, "array_to_halfvec", array_to_halfvec, "vector"},
	{9670, {"array_to_halfvec"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9003, (const Oid[]){1022, 23, 16}, "array_to_halfvec", array_to_halfvec, "vector"},
	{9671, {"array_to_halfvec"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9003, (const Oid[]){1231, 23, 16}, "array_to_halfvec", array_to_halfvec, "vector"},
	{9672, {"halfvec_to_float4"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 1021, (const Oid[]){9003, 23, 16}, "halfvec_to_float4", halfvec_to_float4, "vector"},
	{9673, {"halfvec_accum"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1022, (const Oid[]){1022, 9003}, "halfvec_accum", halfvec_accum, "vector"},
	{9674, {"halfvec_avg"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 9003, (const Oid[]){1022}, "halfvec_avg", halfvec_avg, "vector"},
	{9675, {"halfvec_combine"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 1022, (const Oid[]){1022, 1022}, "vector_combine", vector_combine, "vector"},
	{9676, {"avg"}, 2200, 10, 13, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 9003, (const Oid[]){9003}, "aggregate_dummy", NULL, "vector"},
	{9677, {"sum"}, 2200, 10, 13, 1, 0, 0, 0, 'a', false, false, false, false, 'i', 's', 1, 0, 9003, (const Oid[]){9003}, "aggregate_dummy", NULL, "vector"},
	{9678, {"vector_to_halfvec"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9003, (const Oid[]){9000, 23, 16}, "vector_to_halfvec", vector_to_halfvec, "vector"},
	{9679, {"halfvec_to_vector"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9000, (const Oid[]){9003, 23, 16}, "halfvec_to_vector", halfvec_to_vector, "vector"},
	{9680, {"hnsw_halfvec_support"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, false, false, 'v', 'u', 1, 0, 2281, (const Oid[]){2281}, "hnsw_halfvec_support", hnsw_halfvec_support, "vector"},
	{9681, {"ivfflat_halfvec_support"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, false, false, 'v', 'u', 1, 0, 2281, (const Oid[]){2281}, "ivfflat_halfvec_support", ivfflat_halfvec_support, "vector"},
	{9800, {"sparsevec_in"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9005, (const Oid[]){2275, 26, 23}, "sparsevec_in", sparsevec_in, "vector"},
	{9801, {"sparsevec_out"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 2275, (const Oid[]){9005}, "sparsevec_out", sparsevec_out, "vector"},
	{9802, {"sparsevec_typmod_in"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 23, (const Oid[]){1263}, "sparsevec_typmod_in", sparsevec_typmod_in, "vector"},
	{9803, {"sparsevec_recv"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9005, (const Oid[]){2281, 26, 23}, "sparsevec_recv", sparsevec_recv, "vector"},
	{9804, {"sparsevec_send"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 17, (const Oid[]){9005}, "sparsevec_send", sparsevec_send, "vector"},
	{9805, {"l2_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9005, 9005}, "sparsevec_l2_distance", sparsevec_l2_distance, "vector"},
	{9806, {"inner_product"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9005, 9005}, "sparsevec_inner_product", sparsevec_inner_product, "vector"},
	{9807, {"cosine_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9005, 9005}, "sparsevec_cosine_distance", sparsevec_cosine_distance, "vector"},
	{9808, {"l1_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9005, 9005}, "sparsevec_l1_distance", sparsevec_l1_distance, "vector"},
	{9809, {"l2_norm"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 701, (const Oid[]){9005}, "sparsevec_l2_norm", sparsevec_l2_norm, "vector"},
	{9810, {"l2_normalize"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 9005, (const Oid[]){9005}, "sparsevec_l2_normalize", sparsevec_l2_normalize, "vector"},
	{9811, {"sparsevec_lt"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9005, 9005}, "sparsevec_lt", sparsevec_lt, "vector"},
	{9812, {"sparsevec_le"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9005, 9005}, "sparsevec_le", sparsevec_le, "vector"},
	{9813, {"sparsevec_eq"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9005, 9005}, "sparsevec_eq", sparsevec_eq, "vector"},
	{9814, {"sparsevec_ne"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9005, 9005}, "sparsevec_ne", sparsevec_ne, "vector"},
	{9815, {"sparsevec_ge"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9005, 9005}, "sparsevec_ge", sparsevec_ge, "vector"},
	{9816, {"sparsevec_gt"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 16, (const Oid[]){9005, 9005}, "sparsevec_gt", sparsevec_gt, "vector"},
	{9817, {"sparsevec_cmp"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 23, (const Oid[]){9005, 9005}, "sparsevec_cmp", sparsevec_cmp, "vector"},
	{9818, {"sparsevec_l2_squared_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9005, 9005}, "sparsevec_l2_squared_distance", sparsevec_l2_squared_distance, "vector"},
	{9819, {"sparsevec_negative_inner_product"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){9005, 9005}, "sparsevec_negative_inner_product", sparsevec_negative_inner_product, "vector"},
	{9820, {"sparsevec"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9005, (const Oid[]){9005, 23, 16}, "sparsevec", sparsevec, "vector"},
	{9821, {"vector_to_sparsevec"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9005, (const Oid[]){9000, 23, 16}, "vector_to_sparsevec", vector_to_sparsevec, "vector"},
	{9822, {"sparsevec_to_vector"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9000, (const Oid[]){9005, 23, 16}, "sparsevec_to_vector", sparsevec_to_vector, "vector"},
	{9823, {"halfvec_to_sparsevec"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9005, (const Oid[]){9003, 23, 16}, "halfvec_to_sparsevec", halfvec_to_sparsevec, "vector"},
	{9824, {"sparsevec_to_halfvec"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9003, (const Oid[]){9005, 23, 16}, "sparsevec_to_halfvec", sparsevec_to_halfvec, "vector"},
	{9825, {"array_to_sparsevec"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9005, (const Oid[]){1007, 23, 16}, "array_to_sparsevec", array_to_sparsevec, "vector"},
	{9826, {"array_to_sparsevec"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9005, (const Oid[]){1021, 23, 16}, "array_to_sparsevec", array_to_sparsevec, "vector"},
	{9827, {"array_to_sparsevec"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9005, (const Oid[]){1022, 23, 16}, "array_to_sparsevec", array_to_sparsevec, "vector"},
	{9828, {"array_to_sparsevec"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 3, 0, 9005, (const Oid[]){1231, 23, 16}, "array_to_sparsevec", array_to_sparsevec, "vector"},
	{9829, {"hnsw_sparsevec_support"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, false, false, 'v', 'u', 1, 0, 2281, (const Oid[]){2281}, "hnsw_sparsevec_support", hnsw_sparsevec_support, "vector"},
	{9960, {"hamming_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){1560, 1560}, "hamming_distance", hamming_distance, "vector"},
	{9961, {"jaccard_distance"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 2, 0, 701, (const Oid[]){1560, 1560}, "jaccard_distance", jaccard_distance, "vector"},
	{9962, {"binary_quantize"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1560, (const Oid[]){9000}, "binary_quantize", binary_quantize, "vector"},
	{9963, {"binary_quantize"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, true, false, 'i', 's', 1, 0, 1560, (const Oid[]){9003}, "halfvec_binary_quantize", halfvec_binary_quantize, "vector"},
	{9964, {"hnsw_bit_support"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, false, false, 'v', 'u', 1, 0, 2281, (const Oid[]){2281}, "hnsw_bit_support", hnsw_bit_support, "vector"},
	{9965, {"ivfflat_bit_support"}, 2200, 10, 13, 1, 0, 0, 0, 'f', false, false, false, false, 'v', 'u', 1, 0, 2281, (const Oid[]){2281}, "ivfflat_bit_support", ivfflat_bit_support, "vector"},
};

const int pg_proc_nrows = lengthof(pg_proc_rows);
