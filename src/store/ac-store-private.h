/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the store share. Not for other rooms. */
#pragma once

#include "sql/ac-checkpointer.h"
#include "store/ac-store.h"

G_BEGIN_DECLS

#define AC_STORE_PAGE_DEFAULT 100
#define AC_STORE_PAGE_MAX 1000
/* About so long a page may be, however few items that are. */
#define AC_STORE_PAGE_MAX_BYTES (8 * 1024 * 1024)
#define AC_STORE_HASH_LENGTH 32 /* SHA-256 */

struct _AcStore
{
  GObject parent_instance;

  char *path;
  char *database_id;
  GBytes *secret;         /* signs cursors and change tokens */
  gint64 grace;           /* microseconds; set at start */
  gint64 look_interval;   /* the same */
  guint confirm_messages; /* set at start */
  gboolean second_person; /* the same */
  gint64 cursor_lifetime; /* atomic access through writer_lock is not needed: set at start */
  int lock_fd;            /* -1 when open for reading only */

  GMutex writer_lock;           /* guards writer */
  AcSql *writer;                /* NULL when open for reading only */
  AcCheckpointer *checkpointer; /* nullable, as well */

  GMutex readers_lock; /* guards idle_readers */
  GQueue idle_readers; /* of AcSql */

  GMutex changed_lock; /* guards the three below; held while changed_func runs */
  AcStoreChangedFunc changed_func;
  gpointer changed_data;
  GDestroyNotify changed_destroy;
};

/* --- migrations --- */

guint ac_store_n_migrations (void);
gboolean ac_store_migrate (AcSql *sql, guint version, GError **error);
gboolean ac_store_check_version (AcSql *sql, GError **error);

/* --- reading: a connection with a snapshot --- */

AcSql *ac_store_begin_read (AcStore *self, GError **error);
void ac_store_end_read (AcStore *self, AcSql *sql);

/* --- writing: one transaction --- */

/* What a transaction has to write at its end, once for all rows it touched. */
typedef struct
{
  AcStore *store;
  AcSql *sql; /* NULL: not begun, or over */
  const AcActor *actor;
  gint64 now;
  GHashTable *counts;         /* of AcCountDelta */
  GHashTable *investigations; /* row → AcInvestigationDelta */
  GHashTable *operations;     /* row → AcOperationDelta */
  GChecksum *checksum;
  gint64 audit_seq; /* 0: the head is not read yet */
  guint8 audit_hash[AC_STORE_HASH_LENGTH];
  gboolean audited;
  gboolean changed; /* wrote a change-log row */
} AcWrite;

gboolean ac_store_begin_write (AcStore *self, AcWrite *write, const AcActor *actor, GError **error);
gboolean ac_write_commit (AcWrite *write, GError **error);
/* Rolls back when it is not committed. */
void ac_write_clear (AcWrite *write);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AcWrite, ac_write_clear)

void ac_store_report (int code, const char *words, GError **error);
AcSql *ac_store_open_sql (const char *path, AcSqlMode mode, GError **error);

/* One row of the audit log. */
typedef struct
{
  const char *event;
  const char *kind;
  const char *id;
  gint64 version;
  gint64 action;      /* 0: none */
  gint64 operation;   /* 0: none */
  const char *before; /* nullable, as below */
  const char *after;
  const char *comment;
} AcAuditRow;

gboolean ac_write_audit (AcWrite *write, const AcAuditRow *row, GError **error);
gboolean ac_write_audit_head (AcWrite *write, GError **error);
gboolean
ac_write_change (AcWrite *write, const char *kind, gint64 target, gint64 version, GError **error);

/* --- actions --- */

/* What a transition needs to know of an action. */
typedef struct
{
  gint64 seq;
  char *id;
  gint64 version;
  AcStatus status;
  AcActionType type;
  AcVerdict verdict;
  AcSource source;
  AcEntityType entity_type;
  char *decided_by;
  gint64 investigation; /* 0: none */
  gint64 operation;     /* 0: none */
  gint64 operation_position;
  guint moved;
} AcActionRow;

void ac_action_row_free (AcActionRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcActionRow, ac_action_row_free)
AcActionRow *ac_action_row_load_by_id (AcSql *sql, const char *id, GError **error);
AcActionRow *ac_action_row_load (AcSql *sql, gint64 seq, GError **error);

/* A decision that a transition belongs to; NULL for what the service does by itself. */
typedef struct
{
  gint64 operation;
  gint64 position;
  const char *decision; /* as on the wire */
} AcDecisionPlace;

gboolean ac_write_transition (AcWrite *write,
                              AcActionRow *row,
                              AcEvent event,
                              const AcDecisionPlace *decision,
                              const char *comment,
                              GError **error);
gboolean ac_write_touch (AcWrite *write, AcActionRow *row, GError **error);
void ac_write_count (AcWrite *write, const AcActionRow *row, gint64 n);
void ac_write_investigation_counts (AcWrite *write,
                                    gint64 investigation,
                                    AcStatus before,
                                    AcStatus after);
gboolean ac_write_investigation_sums (AcWrite *write, GError **error);
gboolean ac_write_investigation_log (AcWrite *write,
                                     gint64 investigation,
                                     AcInvestigation *request,
                                     GError **error);
gboolean ac_write_item_state (AcWrite *write,
                              const AcActionRow *row,
                              const char *state,
                              const char *detail,
                              GError **error);
/* Brings the counts, the investigations and the operations of the transaction up to date. */
gboolean ac_write_sums (AcWrite *write, GError **error);

gboolean ac_store_add_action (AcSql *sql,
                              gint64 seq,
                              gboolean timeline,
                              GString *text,
                              gboolean *found,
                              GError **error);
JsonObject *ac_store_load_action (AcSql *sql, gint64 seq, gboolean timeline, GError **error);
gboolean ac_store_may_undo (AcStatus status, guint moved);
gboolean ac_store_may_undo_singly (AcActionType type);
gboolean ac_store_check_assets (AcSql *sql,
                                const AcOperationRequest *request,
                                const AcActionRow *row,
                                gboolean undo,
                                GError **error);
gboolean ac_store_add_instances (AcSql *sql, GPtrArray *rows, GError **error);

/* --- operations and investigations as JSON --- */

JsonObject *
ac_store_load_operation (AcSql *sql, gint64 seq, gboolean with_items, GError **error);
JsonObject *
ac_store_load_investigation (AcSql *sql, gint64 seq, gboolean with_parts, GError **error);

/* --- proposals of people --- */

gboolean ac_store_check_proposer (AcStore *self,
                                  AcSql *sql,
                                  AcDecision decision,
                                  const AcActor *actor,
                                  GPtrArray *rows,
                                  GError **error);

/* --- cursors and tokens --- */

/* A place in a list: behind the row with this key and id, which may be a row number. */
typedef struct
{
  char *query; /* digest of the query it belongs to */
  gint64 made_at;
  gint64 total;
  char *id;
  char *text; /* the key, when it is text; else NULL */
  gint64 number;
} AcCursor;

void ac_cursor_free (AcCursor *cursor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcCursor, ac_cursor_free)
char *ac_store_format_cursor (AcStore *self, const AcCursor *cursor);
AcCursor *
ac_store_parse_cursor (AcStore *self, const char *text, const char *query, GError **error);

/* --- JSON in columns --- */

void ac_store_set_json (JsonObject *object, const char *name, const char *text);
char *ac_store_json_text (JsonNode *node);
char *ac_store_json_words (const GStrv words);
JsonObject *ac_store_parse_object (const char *text, GError **error);

gint64 ac_store_lane (gint64 n);

G_END_DECLS
