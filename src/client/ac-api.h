/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection to a service: the calls of /api/v1, each asynchronous and cancellable. Calls that
 * meet a lost connection, a timeout, 429, 502, 503 or 504 are tried again a bounded number of
 * times, a POST always with the same Idempotency-Key. Answers are read leniently: what a newer
 * service adds is kept. It never keeps state of the service, and its token goes nowhere but into
 * the Authorization header.
 *
 * Every _finish function sets an AC_CLIENT_ERROR, or G_IO_ERROR_CANCELLED.
 *
 * Signal: submissions-changed (): somebody follows the changes of the service over this connection,
 * and they tell that submissions are new or have changed, or may have; which, and how, is to be
 * asked for. */
#pragma once

#include "client/ac-action-query.h"
#include "client/ac-answers.h"
#include "client/ac-client-error.h"
#include "client/ac-investigation-query.h"
#include "client/ac-message-text.h"
#include "model/ac-operation.h"

G_BEGIN_DECLS

/* The largest page the API gives. */
#define AC_API_MAX_LIMIT 1000
/* How many actions one ac_api_get_actions_async() asks for at once; more are asked for in turns. */
#define AC_API_IDS_PER_CALL 200

#define AC_TYPE_API (ac_api_get_type ())
G_DECLARE_FINAL_TYPE (AcApi, ac_api, AC, API, GObject)

AcApi *ac_api_new (const char *address, const char *token, const char *ca_file, GError **error);
const char *ac_api_get_address (AcApi *self);

void ac_api_get_me_async (AcApi *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
AcMe *ac_api_get_me_finish (AcApi *self, GAsyncResult *result, GError **error);

void ac_api_list_actions_async (AcApi *self,
                                AcActionQuery *query,
                                const char *cursor,
                                guint limit,
                                gboolean ids_only,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
AcActionPage *ac_api_list_actions_finish (AcApi *self, GAsyncResult *result, GError **error);

void ac_api_get_action_async (AcApi *self,
                              const char *id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
AcAction *ac_api_get_action_finish (AcApi *self, GAsyncResult *result, GError **error);

void ac_api_get_actions_async (AcApi *self,
                               const char *const *ids,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
GPtrArray *ac_api_get_actions_finish (AcApi *self, GAsyncResult *result, GError **error);

void ac_api_list_instances_async (AcApi *self,
                                  const char *id,
                                  guint limit,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
AcActionPage *ac_api_list_instances_finish (AcApi *self, GAsyncResult *result, GError **error);

void ac_api_list_targets_async (AcApi *self,
                                const char *id,
                                const char *const *outcomes,
                                const char *cursor,
                                guint limit,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
AcTargetPage *ac_api_list_targets_finish (AcApi *self, GAsyncResult *result, GError **error);

void ac_api_look_async (AcApi *self,
                        const char *id,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
gboolean ac_api_look_finish (AcApi *self, GAsyncResult *result, GError **error);

void ac_api_get_message_async (AcApi *self,
                               const char *id,
                               const char *asset,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
AcMessageText *ac_api_get_message_finish (AcApi *self, GAsyncResult *result, GError **error);

void ac_api_submit_operation_async (AcApi *self,
                                    const AcOperationRequest *request,
                                    const char *idempotency_key,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
AcOperation *ac_api_submit_operation_finish (AcApi *self, GAsyncResult *result, GError **error);

void ac_api_get_operation_async (AcApi *self,
                                 const char *id,
                                 gboolean with_items,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
AcOperation *ac_api_get_operation_finish (AcApi *self, GAsyncResult *result, GError **error);

void ac_api_take_back_operation_async (AcApi *self,
                                       const char *id,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
AcOperation *ac_api_take_back_operation_finish (AcApi *self, GAsyncResult *result, GError **error);

void ac_api_list_investigations_async (AcApi *self,
                                       const AcInvestigationQuery *query,
                                       const char *cursor,
                                       guint limit,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
AcInvestigationPage *
ac_api_list_investigations_finish (AcApi *self, GAsyncResult *result, GError **error);

void ac_api_get_investigation_async (AcApi *self,
                                     const char *id,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
AcInvestigation *
ac_api_get_investigation_finish (AcApi *self, GAsyncResult *result, GError **error);

void ac_api_list_investigation_log_async (AcApi *self,
                                          const char *id,
                                          const char *cursor,
                                          guint limit,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
AcInvestigationLogPage *
ac_api_list_investigation_log_finish (AcApi *self, GAsyncResult *result, GError **error);

void ac_api_get_changes_async (AcApi *self,
                               const char *since,
                               guint limit,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
AcChangePage *ac_api_get_changes_finish (AcApi *self, GAsyncResult *result, GError **error);

G_END_DECLS
