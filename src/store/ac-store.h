/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service's database. Every function is synchronous and may be called from any thread: one
 * writer at a time behind a lock, readers on connections of their own (SQLite, WAL,
 * synchronous=FULL). A transition writes the action's row, its audit row and its change-log row in
 * one transaction; when a function has returned TRUE, what it did survives power loss.
 *
 * GError domain AC_STORE_ERROR. */
#pragma once

#include "model/ac-action.h"
#include "model/ac-investigation.h"
#include "model/ac-operation.h"
#include "model/ac-problem.h"
#include "model/ac-submission.h"

G_BEGIN_DECLS

#define AC_STORE_ERROR (ac_store_error_quark ())
typedef enum
{
  AC_STORE_ERROR_FAILED,    /* the database could not do it (locked, damaged); try again later */
  AC_STORE_ERROR_DISK_FULL, /* nothing can be written; try again when there is room */
  AC_STORE_ERROR_NOT_FOUND, /* no such id; the message names it */
  AC_STORE_ERROR_CONFLICT,  /* see the AcProblem given back */
  AC_STORE_ERROR_MIXED_TYPES,      /* one undo over several action types; the message lists them */
  AC_STORE_ERROR_TOO_MANY_ACTIONS, /* with their further instances */
  AC_STORE_ERROR_BAD_ASSETS,       /* not of this action; the message names one */
  AC_STORE_ERROR_TARGETS_CHANGED,  /* what an approval is about is not what was seen; as CONFLICT */
  AC_STORE_ERROR_UNCONFIRMED,      /* an approval of many messages; the AcProblem says how many */
  AC_STORE_ERROR_KEY_REUSED,       /* the Idempotency-Key stands for another request */
  AC_STORE_ERROR_TOKEN_GONE, /* a change token that has fallen out of the log, or is of another
                                database */
  AC_STORE_ERROR_BAD_CURSOR, /* not a cursor of this service, or of another query */
  AC_STORE_ERROR_CURSOR_EXPIRED,
} AcStoreError;

GQuark ac_store_error_quark (void);

#define AC_TYPE_STORE (ac_store_get_type ())
G_DECLARE_FINAL_TYPE (AcStore, ac_store, AC, STORE, GObject)

/* Who asks, for the audit log. */
typedef struct
{
  const char *name;   /* of the token, or "service" */
  const char *origin; /* remote address, nullable */
} AcActor;

/* Opens or creates the database, and migrates it. The file is readable by its owner only. One
 * process at a time may have it open this way. */
AcStore *ac_store_open (const char *path, GError **error);
/* Opens an existing database to look at it, also while a service works on it; every function that
 * writes fails. */
AcStore *ac_store_open_read_only (const char *path, GError **error);
const char *ac_store_get_database_id (AcStore *self);

/* How long a cursor of a list may be used, in microseconds; one day when not set. */
void ac_store_set_cursor_lifetime (AcStore *self, gint64 lifetime);

/* How long an approval waits before it is carried out, in microseconds, so that it can be taken
 * back; 0 when not set. */
void ac_store_set_grace (AcStore *self, gint64 grace);

/* How often the messages of clusters are counted while a decision is waited for, in microseconds
 * (0: only once, and when somebody asks), and how many messages an approval may be about without
 * being confirmed (0: any number); both 0 when not set. */
void ac_store_set_clusters (AcStore *self, gint64 look_interval, guint confirm_messages);
gint64 ac_store_get_look_interval (AcStore *self);

/* Called, in the thread that committed, after each commit that wrote a change-log row; must not
 * call ac_store_set_changed_func(). */
typedef void (*AcStoreChangedFunc) (AcStore *self, gpointer user_data);
void ac_store_set_changed_func (AcStore *self,
                                AcStoreChangedFunc func,
                                gpointer user_data,
                                GDestroyNotify destroy);

/* --- investigations --- */

/* Inserts or, when its externalId is known, updates an investigation; adds those proposals that it
 * does not have yet (same ac_proposal_digest). The answer is the JSON of the investigation as
 * GET /investigations/{id} gives it. Posting the same again changes nothing. */
JsonObject *
ac_store_put_investigation (AcStore *self,
                            AcInvestigation *request,
                            const AcActor *actor,
                            gint64 default_lifetime, /* microseconds until a proposal expires */
                            gboolean *created,
                            GError **error);
JsonObject *ac_store_get_investigation (AcStore *self, const char *id, GError **error);

typedef enum
{
  AC_INVESTIGATION_SORT_CREATED_AT,
  AC_INVESTIGATION_SORT_UPDATED_AT,
  AC_INVESTIGATION_SORT_ID,
  AC_INVESTIGATION_SORT_STATUS,
  AC_INVESTIGATION_SORT_DETECTION_SOURCE,
  AC_INVESTIGATION_SORT_TITLE,
  AC_INVESTIGATION_SORT_MAILBOXES,
  AC_INVESTIGATION_SORT_THREATS,
  AC_INVESTIGATION_SORT_ACTIONS,
  AC_INVESTIGATION_SORT_DURATION,
} AcInvestigationSort;

/* GET /investigations. Every GStrv is nullable; values of one filter are alternatives. */
typedef struct
{
  GStrv statuses;
  GStrv threats;
  GStrv triggers;
  char *text; /* q: words that all occur in title, description, evidence, alerts or id */
  gint64 created_after;
  gint64 created_before;
  AcInvestigationSort sort;
  gboolean descending;
  guint limit; /* 0: the default */
  char *cursor;
} AcInvestigationFilter;

AcInvestigationFilter *ac_investigation_filter_new (void);
void ac_investigation_filter_free (AcInvestigationFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcInvestigationFilter, ac_investigation_filter_free)

JsonObject *ac_store_list_investigations (AcStore *self,
                                          const AcInvestigationFilter *filter,
                                          GError **error);

/* GET /investigations/{id}/log. */
typedef struct
{
  GStrv statuses; /* nullable; alternatives */
  char *text;     /* nullable: words that all occur */
  guint limit;    /* 0: the default */
  char *cursor;   /* nullable */
} AcLogFilter;

JsonObject *ac_store_list_investigation_log (AcStore *self,
                                             const char *id,
                                             const AcLogFilter *filter,
                                             GError **error);

/* --- actions --- */

typedef enum
{
  AC_SORT_UPDATED_AT,
  AC_SORT_CREATED_AT,
  AC_SORT_TYPE,
  AC_SORT_DETAILS,
  AC_SORT_ENTITY_TYPE,
  AC_SORT_ASSET,
  AC_SORT_VERDICT,
  AC_SORT_SOURCE,
  AC_SORT_DECIDED_BY,
  AC_SORT_STATUS,
  AC_SORT_DECISION,
  AC_SORT_UNDO_STATE,
  AC_SORT_INVESTIGATION, /* those of one stand together; those without one stand first */
  AC_SORT_OPERATION,     /* the same */
  AC_SORT_EXPIRES_AT,    /* those that never do stand last */
} AcSortColumn;

/* GET /actions. Every GStrv is nullable; values of one filter are alternatives. */
typedef struct
{
  GStrv ids;
  GStrv statuses;
  GStrv types;
  GStrv entity_types;
  GStrv verdicts;
  GStrv sources;
  GStrv decided_by;
  GStrv decisions;
  GStrv undo_states;
  GStrv investigation_ids;
  GStrv operation_ids;
  GStrv assets;
  char *text; /* q: words that all occur in details, assets, entity or id */
  gint64 created_after;
  gint64 created_before;
  gint64 updated_after;
  gint64 updated_before;
  AcSortColumn sort;
  gboolean descending;
  guint limit;
  char *cursor;
  gboolean ids_only;
} AcActionFilter;

AcActionFilter *ac_action_filter_new (void);
void ac_action_filter_free (AcActionFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcActionFilter, ac_action_filter_free)

/* The answer as JSON text. */
GBytes *ac_store_list_actions (AcStore *self, const AcActionFilter *filter, GError **error);
/* What one member of an action is among those that the filters let through, and how often. */
typedef enum
{
  AC_VALUES_STATUS,
  AC_VALUES_TYPE,
  AC_VALUES_VERDICT,
  AC_VALUES_SOURCE,
  AC_VALUES_ENTITY_TYPE,
  AC_VALUES_DECIDED_BY,
  AC_VALUES_DECISION,
  AC_VALUES_UNDO_STATE,
  AC_VALUES_INVESTIGATION,
  AC_VALUES_OPERATION,
  AC_VALUES_ASSET,
} AcValuesMember;

/* The answer of GET /actions/filters as JSON text. */
GBytes *ac_store_list_values (AcStore *self,
                              const AcActionFilter *filter,
                              AcValuesMember member,
                              const char *contains,
                              GError **error);
/* With its timeline. */
JsonObject *ac_store_get_action (AcStore *self, const char *id, GError **error);
/* The other actions on the same file that can be undone now: {items, total}. */
JsonObject *ac_store_list_instances (AcStore *self, const char *id, guint limit, GError **error);

/* --- the messages of clusters --- */

/* GET /actions/{id}/targets. Every GStrv is nullable; values of one filter are alternatives. */
typedef struct
{
  GStrv outcomes; /* "open": nothing was done yet */
  GStrv mailboxes;
  guint limit;
  char *cursor; /* nullable */
} AcTargetFilter;

JsonObject *
ac_store_list_targets (AcStore *self, const char *id, const AcTargetFilter *filter, GError **error);
gboolean ac_store_look (AcStore *self, const char *id, const AcActor *actor, GError **error);
gboolean ac_store_start_looks (AcStore *self, gint64 now, GError **error);

/* --- operations --- */

/* A decision over all the given actions, or over none: when one of them does not allow it, nothing
 * is written, the error is CONFLICT and *problem names each such action with who decided and when.
 * The same key of the same actor with the same request gives the first answer again (*replayed). */
GBytes *ac_store_submit_operation (AcStore *self,
                                   const AcOperationRequest *request,
                                   const char *idempotency_key,
                                   const AcActor *actor,
                                   char **id,
                                   gboolean *replayed,
                                   AcProblem **problem,
                                   GError **error);
/* Lets what of an operation has not begun wait for a decision again. */
JsonObject *
ac_store_take_back_operation (AcStore *self, const char *id, const AcActor *actor, GError **error);
GBytes *
ac_store_get_operation (AcStore *self, const char *id, gboolean with_items, GError **error);
/* What is under way, or what was decided last: {items, total}. */
JsonObject *
ac_store_list_operations (AcStore *self, gboolean running, guint limit, GError **error);

/* --- the Explorer --- */

/* Where a search of the mailboxes goes on: a cursor that stands for the last mailbox of a page. */
char *ac_store_format_place (AcStore *self, const char *query, const char *mailbox);
char *ac_store_parse_place (AcStore *self, const char *query, const char *text, GError **error);
gboolean ac_store_know_messages (AcStore *self, JsonArray *items, GError **error);
gboolean
ac_store_audit_search (AcStore *self, const AcActor *actor, const char *words, GError **error);

/* Whether an action that a person has proposed must be approved by somebody else; not so when not
 * set. */
void ac_store_set_second_person (AcStore *self, gboolean needed);
gboolean ac_store_get_second_person (AcStore *self);
gboolean ac_store_claim_proposal (AcStore *self,
                                  const AcActor *actor,
                                  const char *key,
                                  const char *body,
                                  GError **error);

/* --- submissions --- */

/* GET /submissions. Every GStrv is nullable; values of one filter are alternatives. */
typedef struct
{
  GStrv states;
  GStrv assessments;
  GStrv action_ids;
} AcSubmissionFilter;

JsonObject *ac_store_add_submission (AcStore *self,
                                     AcSubmission *request,
                                     const char *key,
                                     const char *entry_key,
                                     const char *block_action,
                                     const AcActor *actor,
                                     GError **error);
JsonObject *ac_store_find_submission (AcStore *self,
                                      AcSubmission *request,
                                      const char *key,
                                      const AcActor *actor,
                                      GError **error);
JsonObject *ac_store_judge_submission (AcStore *self,
                                       const char *id,
                                       const char *state,
                                       const char *comment,
                                       const AcActor *actor,
                                       GError **error);
JsonObject *ac_store_get_submission (AcStore *self, const char *id, GError **error);
JsonObject *ac_store_list_submissions (AcStore *self,
                                       const AcSubmissionFilter *filter,
                                       guint limit,
                                       const char *cursor,
                                       GError **error);
/* *words: why the URL would be let through; NULL: nothing allows it. */
gboolean
ac_store_find_allow_entry (AcStore *self, const char *entry_key, char **words, GError **error);

/* --- changes --- */

/* A place in the change log: behind the change of this number. Tokens stand for places. A database
 * that was brought back from a backup gives out the same numbers once more: that it was the same
 * change is told by its time. */
#define AC_CHANGES_NOW (-1) /* behind the last one */

typedef struct
{
  gint64 seq;
  gint64 at; /* of that change; AC_TIME_NONE: not known, so any will do */
} AcChangePlace;

gboolean ac_change_place_equal (const AcChangePlace *a, const AcChangePlace *b);

/* A page of the change log, as JSON text that many readers can share. */
typedef struct
{
  GBytes *text;
  char *token;         /* of the place behind it */
  AcChangePlace after; /* the places that it leads from and to */
  AcChangePlace next;
  guint n_items;
  gboolean more; /* before up_to */
} AcLogPage;

void ac_log_page_free (AcLogPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcLogPage, ac_log_page_free)

char *ac_store_format_token (AcStore *self, const AcChangePlace *place);
gboolean
ac_store_parse_token (AcStore *self, const char *text, AcChangePlace *place, GError **error);
gboolean ac_store_get_last_change (AcStore *self, AcChangePlace *place, GError **error);
/* What was changed after one place and up to another (G_MAXINT64: all there is); at most so many
 * items (0: the default) and, but for one item, so many bytes. AC_CHANGES_NOW: no items,
 * only the token of now. */
AcLogPage *ac_store_read_changes (AcStore *self,
                                  const AcChangePlace *after,
                                  gint64 up_to,
                                  guint limit,
                                  gsize most_bytes,
                                  GError **error);
/* The answer of GET /changes as JSON text. since NULL: no items, only the token of now. */
GBytes *ac_store_list_changes (AcStore *self, const char *since, guint limit, GError **error);
/* Forgets change-log rows and Idempotency-Keys from before the given time. n_pruned counts the
 * change-log rows. */
gboolean ac_store_prune_changes (AcStore *self,
                                 gint64 older_than,
                                 GCancellable *cancellable,
                                 guint64 *n_pruned,
                                 GError **error);

/* --- the queue of work --- */

/* One action on one asset to be carried out or undone. */
typedef struct
{
  char *action_id;
  char *type;
  char *asset;
  AcEntity *entity;
  JsonObject *receipt; /* nullable */
  gboolean undo;
  gboolean bulk; /* of a large operation */
  gint64 decided_at;
  guint attempts;    /* how often it was returned to be tried again later */
  gboolean stopped;  /* somebody has stopped its operation: it is not tried again */
  gint64 look;       /* not 0: a look at a cluster, for ac_store_finish_look() */
  gboolean decided;  /* of a look: somebody has decided, and waits for it */
  GStrv approved;    /* nullable: not known; the addresses that were seen and approved */
  gint64 part;       /* not 0: one message of a cluster, for ac_store_write_part_receipts() */
  gboolean did_part; /* set before ac_store_finish_work(): it failed, and yet undo has work to do */
  gboolean did_nothing; /* the same: it failed, and undo has none, whatever was thought before */
} AcWorkItem;

void ac_work_item_free (AcWorkItem *item);

/* Takes up to limit items of one asset, one type and one direction that nobody has taken, and moves
 * their actions to running or undoing where they are not yet. Oldest decision first, but those of
 * small operations before those of large ones, so that a single urgent decision does not wait.
 * busy_assets: assets that are being worked on; nullable. Empty when there is nothing to do. */
GPtrArray *
ac_store_take_work (AcStore *self, const char *const *busy_assets, guint limit, GError **error);
/* The same without items of the busy types, and of the urgent types those of small operations only;
 * both nullable. */
GPtrArray *ac_store_take_work_but (AcStore *self,
                                   const char *const *busy_assets,
                                   const char *const *busy_types,
                                   const char *const *urgent_types,
                                   gboolean oldest_first,
                                   guint limit,
                                   GError **error);
/* Makes receipts durable: arrays of equal length. */
gboolean ac_store_write_receipts (AcStore *self,
                                  const char *const *action_ids,
                                  const char *const *assets,
                                  JsonObject *const *receipts,
                                  gsize n,
                                  GError **error);
/* The same for items that are parts: arrays of equal length. */
gboolean ac_store_write_part_receipts (AcStore *self,
                                       const gint64 *parts,
                                       JsonObject *const *receipts,
                                       gsize n,
                                       GError **error);
/* What a look has found: messages of AcClusterMessage, or why there are none. */
gboolean ac_store_finish_look (AcStore *self,
                               const AcWorkItem *item,
                               GPtrArray *messages,
                               const char *problem,
                               GError **error);
/* The mailboxes that there are, for a look at the asset AC_CLUSTER_ALL_MAILBOXES. */
gboolean ac_store_finish_listing (AcStore *self,
                                  const AcWorkItem *item,
                                  const char *const *mailboxes,
                                  GError **error);
/* Writes what came of the items; an action whose last asset is done moves to its end state. */
gboolean ac_store_finish_work (AcStore *self, GPtrArray *items, GPtrArray *results, GError **error);
/* Puts items back untouched, not to be taken before the given time; AC_TIME_NONE: at once, and it
 * does not count as an attempt. */
gboolean ac_store_return_work (AcStore *self, GPtrArray *items, gint64 not_before, GError **error);
/* At start: what a dead process had taken is free again. */
gboolean ac_store_recover_work (AcStore *self, GError **error);
/* When the next returned item may be taken (it may be over already); AC_TIME_NONE: there is none.
 */
gint64 ac_store_next_work_time (AcStore *self);
/* Moves pending actions whose time is over to expired. */
gboolean ac_store_expire_actions (AcStore *self, gint64 now, guint *n_expired, GError **error);

/* --- retention --- */

/* Takes some of the actions out that were settled before a time, and those that undo could still
 * bring back, or that may be half done, before another. To be called again while *n_removed is not
 * 0. */
gboolean ac_store_remove_settled (AcStore *self,
                                  gint64 older_than,
                                  gint64 undo_older_than,
                                  guint *n_removed,
                                  GError **error);
gint64 ac_store_get_last_written (AcStore *self);

gboolean ac_store_audit_export (AcStore *self,
                                const AcActor *actor,
                                const char *key,
                                const char *body,
                                const char *words,
                                GError **error);

/* --- rights --- */

gboolean
ac_store_find_types (AcStore *self, const char *const *ids, guint32 *types, GError **error);
gboolean
ac_store_find_operation_types (AcStore *self, const char *id, guint32 *types, GError **error);

/* --- audit --- */

JsonObject *ac_store_get_receipt (AcStore *self, const char *id, char **asset, GError **error);
gboolean ac_store_audit_view (AcStore *self,
                              const AcActor *actor,
                              const char *id,
                              const char *asset,
                              GError **error);

/* Walks the whole chain; on damage names the first row that does not fit. */
gboolean ac_store_verify_audit (AcStore *self, guint64 *n_rows, GError **error);

G_END_DECLS
