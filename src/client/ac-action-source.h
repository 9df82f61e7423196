/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thing behind a list of actions: it answers a query with keys in order, and keys with rows,
 * and says when something has changed. A key is a number that stands for one action as long as the
 * source lives; 0 is never a key. Whether the source asks a service or a database on disk, those
 * who use it cannot tell.
 *
 * Properties: last-refreshed (gint64, time of the last answer that was known to be the state of the
 * service, AC_TIME_NONE before the first), offline-since (gint64, AC_TIME_NONE while online) and
 * offline-reason (string, nullable, a sentence).
 *
 * Signals: changed (GArray of guint64, nullable): the actions with these keys are new, changed or
 * gone; with NULL anything may have changed. investigations-changed (): some investigation is new
 * or has changed; which, and how, is to be asked for. */
#pragma once

#include "client/ac-action-query.h"
#include "client/ac-action-summary.h"
#include "client/ac-filter-values.h"
#include "client/ac-first-page.h"

G_BEGIN_DECLS

#define AC_TYPE_ACTION_SOURCE (ac_action_source_get_type ())
G_DECLARE_INTERFACE (AcActionSource, ac_action_source, AC, ACTION_SOURCE, GObject)

/* Called in the caller's main context whenever a longer beginning of the answer is known; @keys
 * (guint64) holds all so far and belongs to the source. */
typedef void (*AcKeysProgress) (GArray *keys, guint64 total, gpointer user_data);

struct _AcActionSourceInterface
{
  GTypeInterface parent_iface;

  void (*load_keys_async) (AcActionSource *self,
                           AcActionQuery *query,
                           AcKeysProgress progress,
                           gpointer progress_data,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
  GArray *(*load_keys_finish) (AcActionSource *self, GAsyncResult *result, GError **error);

  void (*load_rows_async) (AcActionSource *self,
                           const guint64 *keys,
                           gsize n_keys,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
  GPtrArray *(*load_rows_finish) (AcActionSource *self, GAsyncResult *result, GError **error);

  void (*count_async) (AcActionSource *self,
                       AcActionQuery *query,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*count_finish) (AcActionSource *self,
                            GAsyncResult *result,
                            guint64 *count,
                            GError **error);

  void (*summarize_async) (AcActionSource *self,
                           GArray *keys,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
  AcActionSummary *(*summarize_finish) (AcActionSource *self, GAsyncResult *result, GError **error);

  void (*load_ids_async) (AcActionSource *self,
                          const guint64 *keys,
                          gsize n_keys,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
  GStrv (*load_ids_finish) (AcActionSource *self, GAsyncResult *result, GError **error);

  void (*find_key_async) (AcActionSource *self,
                          const char *id,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
  gboolean (*find_key_finish) (AcActionSource *self,
                               GAsyncResult *result,
                               guint64 *key,
                               GError **error);

  /* Nullable, both: the rows are loaded and looked at. */
  void (*narrow_async) (AcActionSource *self,
                        const guint64 *keys,
                        gsize n_keys,
                        const char *type,
                        AcDecision decision,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  GArray *(*narrow_finish) (AcActionSource *self, GAsyncResult *result, GError **error);

  void (*refresh) (AcActionSource *self);

  /* Nullable, both: nothing is known to filter by. */
  void (*load_values_async) (AcActionSource *self,
                             AcActionQuery *query,
                             AcFilter filter,
                             const char *contains,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
  AcFilterValues *(*load_values_finish) (AcActionSource *self,
                                         GAsyncResult *result,
                                         GError **error);

  /* Nullable: there never is one. */
  AcFirstPage *(*take_first_page) (AcActionSource *self, AcActionQuery *query);
};

void ac_action_source_load_keys_async (AcActionSource *self,
                                       AcActionQuery *query,
                                       AcKeysProgress progress,
                                       gpointer progress_data,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
GArray *
ac_action_source_load_keys_finish (AcActionSource *self, GAsyncResult *result, GError **error);
void ac_action_source_load_rows_async (AcActionSource *self,
                                       const guint64 *keys,
                                       gsize n_keys,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
GPtrArray *
ac_action_source_load_rows_finish (AcActionSource *self, GAsyncResult *result, GError **error);
void ac_action_source_count_async (AcActionSource *self,
                                   AcActionQuery *query,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean ac_action_source_count_finish (AcActionSource *self,
                                        GAsyncResult *result,
                                        guint64 *count,
                                        GError **error);
void ac_action_source_summarize_async (AcActionSource *self,
                                       GArray *keys,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
AcActionSummary *
ac_action_source_summarize_finish (AcActionSource *self, GAsyncResult *result, GError **error);
void ac_action_source_load_ids_async (AcActionSource *self,
                                      const guint64 *keys,
                                      gsize n_keys,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
GStrv ac_action_source_load_ids_finish (AcActionSource *self, GAsyncResult *result, GError **error);
void ac_action_source_find_key_async (AcActionSource *self,
                                      const char *id,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean ac_action_source_find_key_finish (AcActionSource *self,
                                           GAsyncResult *result,
                                           guint64 *key,
                                           GError **error);
void ac_action_source_narrow_async (AcActionSource *self,
                                    const guint64 *keys,
                                    gsize n_keys,
                                    const char *type,
                                    AcDecision decision,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GArray *ac_action_source_narrow_finish (AcActionSource *self, GAsyncResult *result, GError **error);
void ac_action_source_load_values_async (AcActionSource *self,
                                         AcActionQuery *query,
                                         AcFilter filter,
                                         const char *contains,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
AcFilterValues *
ac_action_source_load_values_finish (AcActionSource *self, GAsyncResult *result, GError **error);
void ac_action_source_refresh (AcActionSource *self);
AcFirstPage *ac_action_source_take_first_page (AcActionSource *self, AcActionQuery *query);
gint64 ac_action_source_get_last_refreshed (AcActionSource *self);
gint64 ac_action_source_get_offline_since (AcActionSource *self);
char *ac_action_source_dup_offline_reason (AcActionSource *self);

/* For implementations. */
void ac_action_source_emit_changed (AcActionSource *self, GArray *keys);
void ac_action_source_emit_investigations_changed (AcActionSource *self);

G_END_DECLS
