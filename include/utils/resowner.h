/*
 * utils/resowner.h
 *		Resource owners: who must release what at the end of a transaction,
 *		portal or scan, in three phases (before locks, locks, after locks).
 */
#ifndef RESOWNER_H
#define RESOWNER_H

typedef struct ResourceOwnerData *ResourceOwner;

extern ResourceOwner CurrentResourceOwner;
extern ResourceOwner CurTransactionResourceOwner;
extern ResourceOwner TopTransactionResourceOwner;
extern ResourceOwner AuxProcessResourceOwner;

typedef enum
{
	RESOURCE_RELEASE_BEFORE_LOCKS,
	RESOURCE_RELEASE_LOCKS,
	RESOURCE_RELEASE_AFTER_LOCKS
} ResourceReleasePhase;

/* A kind of resource; within a phase lower priorities are released first. */
typedef struct ResourceOwnerDesc
{
	const char *name;
	ResourceReleasePhase release_phase;
	int release_priority;
	void (*ReleaseResource)(Datum res);
	/* NULL: the name and the value in hexadecimal */
	char *(*DebugPrint)(Datum res);
} ResourceOwnerDesc;

#define RELEASE_PRIO_BUFFER_IOS 100
#define RELEASE_PRIO_BUFFER_PINS 200
#define RELEASE_PRIO_RELCACHE_REFS 300
#define RELEASE_PRIO_DSMS 400
#define RELEASE_PRIO_CATCACHE_REFS 100
#define RELEASE_PRIO_TUPDESC_REFS 400
#define RELEASE_PRIO_SNAPSHOT_REFS 500
#define RELEASE_PRIO_FILES 600

extern ResourceOwner
ResourceOwnerCreate(ResourceOwner parent, const char *name);
extern void
ResourceOwnerRelease(ResourceOwner owner, ResourceReleasePhase phase,
                     bool isCommit, bool isTopLevel);
extern void ResourceOwnerDelete(ResourceOwner owner);
extern ResourceOwner ResourceOwnerGetParent(ResourceOwner owner);
extern void
ResourceOwnerNewParent(ResourceOwner owner, ResourceOwner newparent);

/*
 * Enlarge before the resource is obtained (it may fail), Remember after (it
 * cannot).
 */
extern void ResourceOwnerEnlarge(ResourceOwner owner);
extern void ResourceOwnerRemember(ResourceOwner owner, Datum res,
                                  const ResourceOwnerDesc *kind);
extern void ResourceOwnerForget(ResourceOwner owner, Datum res,
                                const ResourceOwnerDesc *kind);

struct LOCALLOCK;
extern void
ResourceOwnerRememberLock(ResourceOwner owner, struct LOCALLOCK *locallock);
extern void
ResourceOwnerForgetLock(ResourceOwner owner, struct LOCALLOCK *locallock);

extern void CreateAuxProcessResourceOwner(void);
extern void ReleaseAuxProcessResources(bool isCommit);

#endif /* RESOWNER_H */
