/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "client/ac-client-error.h"
#include "client/ac-query-text.h"
#include "model/ac-json.h"

/* Where another security center has another name for the same, links of its kind are understood. */
static const struct
{
  const char *name;
  AcFilter filter;
} other_names[] = {
  { "bulkId", AC_FILTER_OPERATION },    { "actionType", AC_FILTER_TYPE },
  { "computerName", AC_FILTER_ASSET },  { "actionDecision", AC_FILTER_DECISION },
  { "actionSource", AC_FILTER_SOURCE }, { "actionStatus", AC_FILTER_STATUS },
};

static gboolean
find_filter (const char *name, AcFilter *filter)
{
  for (gsize i = 0; i < G_N_ELEMENTS (other_names); i++)
    if (strcmp (other_names[i].name, name) == 0)
      {
        *filter = other_names[i].filter;
        return TRUE;
      }
  return ac_filter_parse (name, filter);
}

/**
 * ac_query_text_format:
 *
 * Returns: (transfer full): the filters and the search; “{}” where there are none. Times are not
 * among them.
 */
char *
ac_query_text_format (AcActionQuery *query)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (AC_IS_ACTION_QUERY (query), NULL);

  for (guint i = 0; i < AC_N_FILTERS; i++)
    {
      const char *const *values = ac_action_query_get_filter (query, (AcFilter)i);

      if (values != NULL)
        ac_json_set_strings (object, ac_filter_wire ((AcFilter)i), values);
    }
  if (ac_action_query_get_search (query) != NULL)
    ac_json_set_strings (object, "q",
                         (const char *const[]){ ac_action_query_get_search (query), NULL });
  bytes = ac_json_object_to_bytes (object);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static GStrv
read_values (JsonNode *node, const char *name, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *value = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_STRING)
        array = NULL;
      else
        g_strv_builder_add (builder, json_node_get_string (value));
    }
  if (array != NULL)
    return g_strv_builder_end (builder);
  g_set_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID,
               _ ("The filter “%s” is not a list of texts."), name);
  return NULL;
}

static AcActionQuery *
add_member (AcActionQuery *query, const char *name, JsonNode *node, GError **error)
{
  g_auto (GStrv) values = read_values (node, name, error);
  AcFilter filter;

  if (values == NULL)
    return NULL;
  if (strcmp (name, "q") == 0)
    return ac_action_query_with_search (query, values[0]);
  if (find_filter (name, &filter))
    return ac_action_query_with_filter (query, filter, (const char *const *)values);
  g_set_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID, _ ("There is no filter “%s”."),
               name);
  return NULL;
}

/**
 * ac_query_text_parse:
 * @base: what the filters are added to
 * @text: as ac_query_text_format() gives it
 *
 * Returns: (transfer full): @base with these filters; %NULL with AC_CLIENT_ERROR_INVALID when
 * something in it is no filter, so that nothing else is shown than what was asked for.
 */
AcActionQuery *
ac_query_text_parse (AcActionQuery *base, const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (AcActionQuery) query = NULL;
  g_autoptr (GList) names = NULL;
  JsonObject *object;

  g_return_val_if_fail (AC_IS_ACTION_QUERY (base), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  bytes = g_bytes_new_static (text, strlen (text));
  root = ac_json_parse (bytes, NULL);
  object = root != NULL ? ac_json_root_object (root, NULL) : NULL;
  if (object == NULL)
    {
      g_set_error_literal (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID,
                           _ ("The filters are not an object of JSON."));
      return NULL;
    }
  query = g_object_ref (base);
  names = json_object_get_members (object);
  for (GList *name = names; name != NULL; name = name->next)
    {
      AcActionQuery *more =
          add_member (query, name->data, json_object_get_member (object, name->data), error);

      if (more == NULL)
        return NULL;
      g_object_unref (query);
      query = more;
    }
  return g_steal_pointer (&query);
}
