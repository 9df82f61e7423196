/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the store share about clusters. Not for other rooms. */
#pragma once

#include "store/ac-store-private.h"

G_BEGIN_DECLS

typedef enum
{
  AC_LOOK_PENDING,
  AC_LOOK_VERIFY,
  AC_LOOK_RETRY,
} AcLookPurpose;

/* Actions of these types are about targets that are found out by looking: messages of a cluster, or
 * addresses that mail is forwarded to. */
gboolean ac_store_looks_for_targets (AcActionType type);

/* --- the set --- */

typedef struct
{
  char *digest;
  gint64 messages;
  gint64 mailboxes;
} AcTargetSum;

void ac_target_sum_clear (AcTargetSum *sum);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AcTargetSum, ac_target_sum_clear)

gboolean ac_store_sum_up_found (AcSql *sql, gint64 action, AcTargetSum *sum, GError **error);
gboolean ac_store_approval_holds (AcSql *sql,
                                  gint64 action,
                                  const char *approved,
                                  const char *found,
                                  gboolean *holds,
                                  GError **error);

/* In SQL: one row of targets has every copy, by size and date, that the other one has. What has no
 * copies has them all. */
#define AC_SQL_HAS_COPIES_OF(one, other)                                                           \
  "NOT EXISTS (SELECT 1 FROM json_each (" other ".facts, '$.copies') AS a WHERE NOT EXISTS "       \
  "  (SELECT 1 FROM json_each (" one ".facts, '$.copies') AS b "                                   \
  "   WHERE json_extract (b.value, '$.size') IS json_extract (a.value, '$.size') "                 \
  "     AND json_extract (b.value, '$.date') IS json_extract (a.value, '$.date')))"

/* --- looks --- */

gboolean ac_write_look (AcWrite *write,
                        gint64 action,
                        AcLookPurpose purpose,
                        gint64 bulk,
                        gint64 not_before,
                        GError **error);
gboolean ac_write_cluster_new (AcWrite *write,
                               const AcActionRow *row,
                               AcEntity *entity,
                               const char *const *assets,
                               GError **error);
gboolean ac_write_cluster_let_go (AcWrite *write, gint64 action, GError **error);
gboolean ac_write_forget_look (AcWrite *write, gint64 action, GError **error);

/* --- decisions --- */

gboolean ac_store_is_decided (AcSql *sql, gint64 action, gboolean *decided, GError **error);
gboolean ac_store_has_cluster (AcSql *sql, gint64 action, gboolean *has, GError **error);
gboolean ac_store_check_clusters (AcStore *self,
                                  AcSql *sql,
                                  const AcOperationRequest *request,
                                  GPtrArray *rows,
                                  gint64 now,
                                  AcProblem **problem,
                                  GError **error);
gboolean ac_write_cluster_decision (AcWrite *write,
                                    AcActionRow *row,
                                    AcDecision decision,
                                    gboolean undo,
                                    gint64 lane,
                                    gint64 not_before,
                                    GError **error);

/* --- work --- */

gboolean
ac_write_cluster_start (AcWrite *write, AcActionRow *row, gboolean only_failed, GError **error);
gboolean ac_write_forwarding_start (AcWrite *write, AcActionRow *row, GError **error);
gboolean ac_store_load_parts (AcSql *sql,
                              gint64 action,
                              const AcWorkItem *work,
                              guint limit,
                              GPtrArray *items,
                              GError **error);
gboolean ac_store_load_approved (AcSql *sql, gint64 action, AcWorkItem *item, GError **error);
gboolean ac_write_part (AcWrite *write,
                        const AcWorkItem *item,
                        AcActionResult *result,
                        gint64 moved,
                        GError **error);
gboolean ac_write_parts_end (AcWrite *write, const AcWorkItem *item, GError **error);
gboolean ac_write_settle_mailbox (AcWrite *write,
                                  const AcActionRow *row,
                                  const char *asset,
                                  gboolean undo,
                                  GError **error);
gboolean ac_store_cluster_words (AcSql *sql,
                                 const AcActionRow *row,
                                 gboolean undo,
                                 char **words,
                                 GError **error);

/* Of ac-store-work.c. */
gboolean ac_write_start_action (AcWrite *write, gint64 seq, GError **error);
gboolean ac_write_end_action (AcWrite *write, AcActionRow *row, gboolean undo, GError **error);

/* Of ac-store-stop.c. */
gboolean ac_write_stop_action (AcWrite *write, gint64 action, GError **error);
gboolean ac_write_stop_again (AcWrite *write, GError **error);

/* --- as JSON --- */

void ac_store_add_scope (GString *text, gint64 messages, gint64 mailboxes);
gboolean ac_store_add_targets (AcSql *sql, gint64 action, GString *text, GError **error);

G_END_DECLS
