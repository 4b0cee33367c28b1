/*
 * fmgr.h
 *		Calling convention of SQL-callable functions.
 */
#ifndef FMGR_H
#define FMGR_H

typedef struct FunctionCallInfoBaseData *FunctionCallInfo;
typedef Datum (*PGFunction)(FunctionCallInfo fcinfo);

/* A function looked up once, to be called often. */
typedef struct FmgrInfo
{
	PGFunction fn_addr;
	Oid fn_oid;
	short fn_nargs;
	bool fn_strict; /* not called with a NULL argument */
	bool fn_retset;
	unsigned char fn_stats;
	void *fn_extra;        /* for the function itself, in fn_mcxt */
	MemoryContext fn_mcxt; /* lives as long as this struct */
	void *fn_expr;         /* expression the call comes from, or NULL */
} FmgrInfo;

typedef struct FunctionCallInfoBaseData
{
	FmgrInfo *flinfo;
	void *context;
	void *resultinfo;
	Oid fncollation;
	bool isnull; /* out: the result is NULL */
	short nargs;
	NullableDatum args[FLEXIBLE_ARRAY_MEMBER];
} FunctionCallInfoBaseData;

#define SizeForFunctionCallInfo(nargs) \
	(offsetof(FunctionCallInfoBaseData, args) + sizeof(NullableDatum) * (nargs))

#define LOCAL_FCINFO(name, nargs)                         \
	union                                                 \
	{                                                     \
		FunctionCallInfoBaseData fcinfo;                  \
		char fcinfo_data[SizeForFunctionCallInfo(nargs)]; \
	} name##data;                                         \
	FunctionCallInfo name = &name##data.fcinfo

#define InitFunctionCallInfoData(Fcinfo, Flinfo, Nargs, Collation, Context, \
                                 Resultinfo)                                \
	do                                                                      \
	{                                                                       \
		(Fcinfo).flinfo = (Flinfo);                                         \
		(Fcinfo).context = (Context);                                       \
		(Fcinfo).resultinfo = (Resultinfo);                                 \
		(Fcinfo).fncollation = (Collation);                                 \
		(Fcinfo).isnull = false;                                            \
		(Fcinfo).nargs = (Nargs);                                           \
	} while (0)

#define FunctionCallInvoke(fcinfo) ((*(fcinfo)->flinfo->fn_addr)(fcinfo))

#define PG_FUNCTION_ARGS FunctionCallInfo fcinfo
#define PG_NARGS() (fcinfo->nargs)
#define PG_ARGISNULL(n) (fcinfo->args[n].isnull)
#define PG_GETARG_DATUM(n) (fcinfo->args[n].value)
#define PG_GETARG_INT16(n) DatumGetInt16(PG_GETARG_DATUM(n))
#define PG_GETARG_INT32(n) DatumGetInt32(PG_GETARG_DATUM(n))
#define PG_GETARG_UINT32(n) DatumGetUInt32(PG_GETARG_DATUM(n))
#define PG_GETARG_INT64(n) DatumGetInt64(PG_GETARG_DATUM(n))
#define PG_GETARG_BOOL(n) DatumGetBool(PG_GETARG_DATUM(n))
#define PG_GETARG_CHAR(n) DatumGetChar(PG_GETARG_DATUM(n))
#define PG_GETARG_OID(n) DatumGetObjectId(PG_GETARG_DATUM(n))
#define PG_GETARG_FLOAT4(n) DatumGetFloat4(PG_GETARG_DATUM(n))
#define PG_GETARG_FLOAT8(n) DatumGetFloat8(PG_GETARG_DATUM(n))
#define PG_GETARG_POINTER(n) DatumGetPointer(PG_GETARG_DATUM(n))
#define PG_GETARG_CSTRING(n) DatumGetCString(PG_GETARG_DATUM(n))
#define PG_GETARG_NAME(n) DatumGetName(PG_GETARG_DATUM(n))
#define PG_GETARG_VARLENA_P(n) \
	pg_detoast_datum((struct varlena *) PG_GETARG_POINTER(n))
#define PG_GETARG_VARLENA_PP(n) \
	pg_detoast_datum_packed((struct varlena *) PG_GETARG_POINTER(n))
#define PG_GETARG_TEXT_PP(n) ((text *) PG_GETARG_VARLENA_PP(n))
#define PG_GETARG_TEXT_P(n) ((text *) PG_GETARG_VARLENA_P(n))
#define PG_GETARG_BYTEA_PP(n) ((bytea *) PG_GETARG_VARLENA_PP(n))
#define PG_FREE_IF_COPY(ptr, n)                      \
	do                                               \
	{                                                \
		if ((Pointer) (ptr) != PG_GETARG_POINTER(n)) \
			pfree(ptr);                              \
	} while (0)

#define PG_RETURN_NULL()       \
	do                         \
	{                          \
		fcinfo->isnull = true; \
		return (Datum) 0;      \
	} while (0)
#define PG_RETURN_VOID() return (Datum) 0
#define PG_RETURN_DATUM(x) return (x)
#define PG_RETURN_INT16(x) return Int16GetDatum(x)
#define PG_RETURN_INT32(x) return Int32GetDatum(x)
#define PG_RETURN_INT64(x) return Int64GetDatum(x)
#define PG_RETURN_BOOL(x) return BoolGetDatum(x)
#define PG_RETURN_CHAR(x) return CharGetDatum(x)
#define PG_RETURN_OID(x) return ObjectIdGetDatum(x)
#define PG_RETURN_FLOAT4(x) return Float4GetDatum(x)
#define PG_RETURN_FLOAT8(x) return Float8GetDatum(x)
#define PG_RETURN_POINTER(x) return PointerGetDatum(x)
#define PG_RETURN_CSTRING(x) return CStringGetDatum(x)
#define PG_RETURN_NAME(x) return NameGetDatum(x)
#define PG_RETURN_TEXT_P(x) PG_RETURN_POINTER(x)
#define PG_RETURN_BYTEA_P(x) PG_RETURN_POINTER(x)

/* A plain varlena with a 4-byte header; a copy unless it is one already. */
extern struct varlena *pg_detoast_datum(struct varlena *datum);
/* The same, but a short header may stay. */
extern struct varlena *pg_detoast_datum_packed(struct varlena *datum);
#define PG_DETOAST_DATUM(datum) \
	pg_detoast_datum((struct varlena *) DatumGetPointer(datum))
#define PG_DETOAST_DATUM_PACKED(datum) \
	pg_detoast_datum_packed((struct varlena *) DatumGetPointer(datum))

/* ERROR 0A000 if the server has no such function */
extern void fmgr_info(Oid functionId, FmgrInfo *finfo);
extern void fmgr_info_cxt(Oid functionId, FmgrInfo *finfo, MemoryContext mcxt);
extern void
fmgr_info_copy(FmgrInfo *dstinfo, FmgrInfo *srcinfo, MemoryContext destcxt);

/* ERROR XX000 if the result is NULL. */
extern Datum
DirectFunctionCall1Coll(PGFunction func, Oid collation, Datum arg1);
extern Datum
DirectFunctionCall2Coll(PGFunction func, Oid collation, Datum arg1, Datum arg2);
extern Datum DirectFunctionCall3Coll(PGFunction func, Oid collation, Datum arg1,
                                     Datum arg2, Datum arg3);
extern Datum FunctionCall1Coll(FmgrInfo *flinfo, Oid collation, Datum arg1);
extern Datum
FunctionCall2Coll(FmgrInfo *flinfo, Oid collation, Datum arg1, Datum arg2);
extern Datum FunctionCall3Coll(FmgrInfo *flinfo, Oid collation, Datum arg1,
                               Datum arg2, Datum arg3);
extern Datum FunctionCall0Coll(FmgrInfo *flinfo, Oid collation);
extern Datum OidFunctionCall0Coll(Oid functionId, Oid collation);
extern Datum OidFunctionCall1Coll(Oid functionId, Oid collation, Datum arg1);
extern Datum
OidFunctionCall2Coll(Oid functionId, Oid collation, Datum arg1, Datum arg2);
extern Datum OidFunctionCall3Coll(Oid functionId, Oid collation, Datum arg1,
                                  Datum arg2, Datum arg3);
#define FunctionCall0(flinfo) FunctionCall0Coll(flinfo, InvalidOid)
#define OidFunctionCall0(functionId) \
	OidFunctionCall0Coll(functionId, InvalidOid)
#define OidFunctionCall1(functionId, a) \
	OidFunctionCall1Coll(functionId, InvalidOid, a)
#define OidFunctionCall2(functionId, a, b) \
	OidFunctionCall2Coll(functionId, InvalidOid, a, b)
#define OidFunctionCall3(functionId, a, b, c) \
	OidFunctionCall3Coll(functionId, InvalidOid, a, b, c)
#define DirectFunctionCall1(func, a) \
	DirectFunctionCall1Coll(func, InvalidOid, a)
#define DirectFunctionCall2(func, a, b) \
	DirectFunctionCall2Coll(func, InvalidOid, a, b)
#define DirectFunctionCall3(func, a, b, c) \
	DirectFunctionCall3Coll(func, InvalidOid, a, b, c)
#define FunctionCall1(flinfo, a) FunctionCall1Coll(flinfo, InvalidOid, a)
#define FunctionCall2(flinfo, a, b) FunctionCall2Coll(flinfo, InvalidOid, a, b)
#define FunctionCall3(flinfo, a, b, c) \
	FunctionCall3Coll(flinfo, InvalidOid, a, b, c)

extern Datum
InputFunctionCall(FmgrInfo *flinfo, char *str, Oid typioparam, int32 typmod);
extern char *OutputFunctionCall(FmgrInfo *flinfo, Datum val);
struct StringInfoData;
extern Datum ReceiveFunctionCall(FmgrInfo *flinfo, struct StringInfoData *buf,
                                 Oid typioparam, int32 typmod);
extern bytea *SendFunctionCall(FmgrInfo *flinfo, Datum val);
extern Datum
OidInputFunctionCall(Oid functionId, char *str, Oid typioparam, int32 typmod);
extern char *OidOutputFunctionCall(Oid functionId, Datum val);
extern Datum OidReceiveFunctionCall(Oid functionId, struct StringInfoData *buf,
                                    Oid typioparam, int32 typmod);
extern bytea *OidSendFunctionCall(Oid functionId, Datum val);

/*
 * Whether the call comes from an aggregate (AGG_CONTEXT_AGGREGATE) or not (0).
 * If so, *aggcontext is where a state must live that the transition function
 * keeps by pointer.
 */
#define AGG_CONTEXT_AGGREGATE 1
extern int
AggCheckCallContext(FunctionCallInfo fcinfo, MemoryContext *aggcontext);

/* what the argument or result is for a polymorphic function; 0: not known */
extern Oid get_fn_expr_argtype(FmgrInfo *flinfo, int argnum);

#define PG_FUNCTION_INFO_V1(funcname) extern Datum funcname(PG_FUNCTION_ARGS)

#endif /* FMGR_H */
