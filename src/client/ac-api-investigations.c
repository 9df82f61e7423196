/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-api-call.h"

static gpointer
read_investigation_page (JsonObject *object, GError **error)
{
  return ac_investigation_page_new_from_json (object, error);
}

/**
 * ac_api_list_investigations_async:
 * @query: which, and in which order
 * @cursor: (nullable): next_cursor of the page before; %NULL: the first page
 * @limit: at most so many, up to AC_API_MAX_LIMIT
 */
void
ac_api_list_investigations_async (AcApi *self,
                                  const AcInvestigationQuery *query,
                                  const char *cursor,
                                  guint limit,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autofree char *parameters = NULL;
  g_autoptr (GString) path = g_string_new (NULL);

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (query != NULL);
  g_return_if_fail (limit >= 1 && limit <= AC_API_MAX_LIMIT);

  parameters = ac_investigation_query_to_parameters (query);
  g_string_printf (path, "/investigations?limit=%u%s", limit, parameters);
  ac_api_call_add (path, "cursor", cursor);
  ac_api_call_get (ac_api_call_new (self, read_investigation_page,
                                    (GDestroyNotify)ac_investigation_page_free, cancellable,
                                    callback, user_data),
                   path->str);
}

/**
 * ac_api_list_investigations_finish:
 *
 * Returns: (transfer full): the page, or %NULL with an error.
 */
AcInvestigationPage *
ac_api_list_investigations_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}

static gpointer
read_investigation_log_page (JsonObject *object, GError **error)
{
  return ac_investigation_log_page_new_from_json (object, error);
}

/**
 * ac_api_list_investigation_log_async:
 * @id: of the investigation
 * @cursor: (nullable): next_cursor of the page before; %NULL: the first page
 * @limit: at most so many, up to AC_API_MAX_LIMIT
 *
 * Asks for what was done in it, oldest first.
 */
void
ac_api_list_investigation_log_async (AcApi *self,
                                     const char *id,
                                     const char *cursor,
                                     guint limit,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autofree char *investigation = NULL;
  g_autoptr (GString) path = NULL;

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (id != NULL);
  g_return_if_fail (limit >= 1 && limit <= AC_API_MAX_LIMIT);

  investigation = ac_api_call_path ("/investigations", id);
  path = g_string_new (investigation);
  g_string_append_printf (path, "/log?limit=%u", limit);
  ac_api_call_add (path, "cursor", cursor);
  ac_api_call_get (ac_api_call_new (self, read_investigation_log_page,
                                    (GDestroyNotify)ac_investigation_log_page_free, cancellable,
                                    callback, user_data),
                   path->str);
}

/**
 * ac_api_list_investigation_log_finish:
 *
 * Returns: (transfer full): the page, or %NULL with an error.
 */
AcInvestigationLogPage *
ac_api_list_investigation_log_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}

static gpointer
read_investigation (JsonObject *object, GError **error)
{
  return ac_investigation_new_from_json (object, AC_JSON_LENIENT, NULL, error);
}

/**
 * ac_api_get_investigation_async:
 *
 * Asks for one investigation with its evidence and actions.
 */
void
ac_api_get_investigation_async (AcApi *self,
                                const char *id,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autofree char *path = NULL;

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (id != NULL);

  path = ac_api_call_path ("/investigations", id);
  ac_api_call_get (
      ac_api_call_new (self, read_investigation, g_object_unref, cancellable, callback, user_data),
      path);
}

/**
 * ac_api_get_investigation_finish:
 *
 * Returns: (transfer full): the investigation, or %NULL with an error.
 */
AcInvestigation *
ac_api_get_investigation_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}
