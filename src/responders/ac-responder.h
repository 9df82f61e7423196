/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A responder carries one or more types of action out on a real system, and undoes them.
 *
 * It works in batches of one asset, in a worker thread, blocking. It never forgets: before it acts
 * it writes a receipt through the sink, and a task that comes with a receipt may have been begun
 * by a process that is dead; then the responder first looks at the real system. */
#pragma once

#include <gio/gio.h>

#include "model/ac-mail-query.h"
#include "model/ac-vocabulary.h"

G_BEGIN_DECLS

typedef enum
{
  AC_DIRECTION_APPLY,
  AC_DIRECTION_UNDO,
} AcDirection;

/* One action on one asset. */
typedef struct
{
  /* What to do: set by the caller. */
  char *action_id;
  AcEntity *entity;
  char *asset;
  JsonObject *receipt; /* nullable; what the responder itself has written last, opaque to others */
  GStrv approved;      /* nullable: not known; the keys of what a look has found, as approved */
  gint64 part;         /* the caller's own; 0: none */

  /* What came of it: set by the responder. AC_OUTCOME_UNKNOWN: nothing was found out. */
  AcOutcome outcome;
  char *detail;       /* in words, for a person */
  gboolean transient; /* with AC_OUTCOME_FAILED: trying again later may help */
  gboolean did_part;  /* the same: a part of it was done, so that an undo has something to do */
  gboolean did_nothing; /* the same: it was seen that nothing of it is done; neither: nobody knows */
} AcTask;

AcTask *
ac_task_new (const char *action_id, AcEntity *entity, const char *asset, JsonObject *receipt);
void ac_task_free (AcTask *task);
void ac_task_set_outcome (AcTask *task, AcOutcome outcome, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void ac_task_set_failed (AcTask *task, gboolean transient, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcTask, ac_task_free)

/* Makes the receipts of all given tasks durable, in one transaction, before it returns TRUE. */
typedef gboolean (*AcReceiptSink) (GPtrArray *tasks, gpointer user_data, GError **error);

gboolean
ac_tasks_write_receipts (GPtrArray *tasks, AcReceiptSink sink, gpointer sink_data, GError **error);

#define AC_TYPE_RESPONDER (ac_responder_get_type ())
G_DECLARE_INTERFACE (AcResponder, ac_responder, AC, RESPONDER, GObject)

struct _AcResponderInterface
{
  GTypeInterface parent;

  gboolean (*handles) (AcResponder *self, AcActionType type);
  gint64 (*get_retry_time) (AcResponder *self); /* optional */
  guint (*get_connections) (AcResponder *self); /* optional */
  GPtrArray *(*look) (AcResponder *self,
                      AcEntity *entity,
                      const char *asset,
                      gboolean *is_transient,
                      GCancellable *cancellable,
                      GError **error);                      /* optional */
  GStrv (*list_assets) (AcResponder *self, GError **error); /* with look */
  GPtrArray *(*find) (AcResponder *self,
                      const AcMailQuery *query,
                      const char *asset,
                      guint most,
                      gboolean *is_cut,
                      GCancellable *cancellable,
                      GError **error); /* optional; with list_assets */
  JsonObject *(*read_message) (AcResponder *self,
                               AcEntity *entity,
                               const char *asset,
                               JsonObject *receipt,
                               GCancellable *cancellable,
                               GError **error); /* optional */
  void (*run) (AcResponder *self,
               AcActionType type,
               AcDirection direction,
               const char *asset,
               GPtrArray *tasks,
               AcReceiptSink sink,
               gpointer sink_data,
               GCancellable *cancellable);
};

gboolean ac_responder_handles (AcResponder *self, AcActionType type);
gint64 ac_responder_get_retry_time (AcResponder *self, gint64 fallback);
guint ac_responder_get_connections (AcResponder *self, guint fallback);
GPtrArray *ac_responder_look (AcResponder *self,
                              AcEntity *entity,
                              const char *asset,
                              gboolean *is_transient,
                              GCancellable *cancellable,
                              GError **error);
GStrv ac_responder_list_assets (AcResponder *self, GError **error);
gboolean ac_responder_can_find (AcResponder *self);
GPtrArray *ac_responder_find (AcResponder *self,
                              const AcMailQuery *query,
                              const char *asset,
                              guint most,
                              gboolean *is_cut,
                              GCancellable *cancellable,
                              GError **error);
gboolean ac_responder_can_read_message (AcResponder *self);
JsonObject *ac_responder_read_message (AcResponder *self,
                                       AcEntity *entity,
                                       const char *asset,
                                       JsonObject *receipt,
                                       GCancellable *cancellable,
                                       GError **error);
void ac_responder_run (AcResponder *self,
                       AcActionType type,
                       AcDirection direction,
                       const char *asset,
                       GPtrArray *tasks,
                       AcReceiptSink sink,
                       gpointer sink_data,
                       GCancellable *cancellable);

gboolean ac_responder_wait (guint milliseconds, GCancellable *cancellable, GError **error);

G_END_DECLS
