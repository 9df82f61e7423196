/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-api-call.h"
#include "client/ac-api-lists.h"

static gpointer
read_values (JsonObject *object, GError **error)
{
  return ac_filter_values_new_from_json (object, error);
}

/**
 * ac_api_list_values_async:
 * @filter: of whose member; what @query filters by it does not count
 * @contains: (nullable): only values that contain this, or whose label does
 *
 * Asks what there is to filter by. Of statuses the service tells all, whatever the tab.
 */
void
ac_api_list_values_async (AcApi *self,
                          AcActionQuery *query,
                          AcFilter filter,
                          const char *contains,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (AcActionQuery) others = NULL;
  g_autofree char *parameters = NULL;
  g_autoptr (GString) path = NULL;

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (AC_IS_ACTION_QUERY (query));

  others = ac_action_query_with_filter (query, filter, NULL);
  parameters = ac_action_query_to_filter_parameters (others);
  path = g_string_new ("/actions/filters?field=");
  g_string_append (path, ac_filter_wire (filter));
  if (*parameters != '\0')
    g_string_append_printf (path, "&%s", parameters);
  if (contains != NULL && *contains != '\0')
    {
      g_string_append (path, "&contains=");
      g_string_append_uri_escaped (path, contains, NULL, FALSE);
    }
  ac_api_call_get (ac_api_call_new (self, read_values, (GDestroyNotify)ac_filter_values_free,
                                    cancellable, callback, user_data),
                   path->str);
}

/**
 * ac_api_list_values_finish:
 *
 * Returns: (transfer full): the values, or %NULL with an error.
 */
AcFilterValues *
ac_api_list_values_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}

void
ac_operation_page_free (AcOperationPage *page)
{
  if (page == NULL)
    return;
  g_ptr_array_unref (page->operations);
  g_free (page);
}

static gpointer
read_operations (JsonObject *object, GError **error)
{
  static const AcJsonMember members[] = {
    { "items", AC_JSON_ARRAY, TRUE },
    { "total", AC_JSON_INTEGER, TRUE },
  };
  g_autoptr (AcOperationPage) page = NULL;
  JsonArray *items;

  if (!ac_json_check (object, members, G_N_ELEMENTS (members), AC_JSON_LENIENT, NULL, error))
    return NULL;
  page = g_new0 (AcOperationPage, 1);
  page->operations = g_ptr_array_new_with_free_func (g_object_unref);
  page->total = (guint64)MAX (0, ac_json_get_integer (object, "total", 0));
  items = json_object_get_array_member (object, "items");
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *item = ac_json_element_object (items, i, "items", error);
      AcOperation *operation =
          item != NULL ? ac_operation_new_from_json (item, AC_JSON_LENIENT, "items", error) : NULL;

      if (operation == NULL)
        return NULL;
      g_ptr_array_add (page->operations, operation);
    }
  return g_steal_pointer (&page);
}

/**
 * ac_api_list_running_async:
 * @limit: at most so many, up to AC_API_MAX_LIMIT
 *
 * Asks which operations are under way, whoever decided them.
 */
void
ac_api_list_running_async (AcApi *self,
                           guint limit,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autofree char *path = g_strdup_printf ("/operations?status=running&limit=%u", limit);

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (limit >= 1 && limit <= AC_API_MAX_LIMIT);

  ac_api_call_get (ac_api_call_new (self, read_operations, (GDestroyNotify)ac_operation_page_free,
                                    cancellable, callback, user_data),
                   path);
}

/**
 * ac_api_list_running_finish:
 *
 * Returns: (transfer full): the operations, or %NULL with an error.
 */
AcOperationPage *
ac_api_list_running_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}
