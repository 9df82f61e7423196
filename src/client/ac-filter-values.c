/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-filter-values.h"
#include "model/ac-json.h"

static void
value_free (gpointer data)
{
  AcFilterValue *value = data;

  g_free (value->value);
  g_free (value->label);
  g_free (value);
}

/**
 * ac_filter_values_new:
 *
 * Returns: (transfer full): no values.
 */
AcFilterValues *
ac_filter_values_new (void)
{
  AcFilterValues *values = g_new0 (AcFilterValues, 1);

  values->values = g_ptr_array_new_with_free_func (value_free);
  return values;
}

void
ac_filter_values_free (AcFilterValues *values)
{
  if (values == NULL)
    return;
  g_ptr_array_unref (values->values);
  g_free (values);
}

/**
 * ac_filter_values_add:
 * @label: (nullable): what tells a person more than the value
 * @n: how many actions have it
 */
void
ac_filter_values_add (AcFilterValues *values, const char *value, const char *label, guint64 n)
{
  AcFilterValue *added = g_new0 (AcFilterValue, 1);

  added->value = g_strdup (value);
  added->label = g_strdup (label);
  added->count = n;
  g_ptr_array_add (values->values, added);
}

/**
 * ac_filter_values_new_from_json:
 * @object: the answer of GET /actions/filters
 *
 * Returns: (transfer full): the values, or %NULL with an AC_MODEL_ERROR.
 */
AcFilterValues *
ac_filter_values_new_from_json (JsonObject *object, GError **error)
{
  static const AcJsonMember members[] = {
    { "values", AC_JSON_ARRAY, TRUE },
    { "more", AC_JSON_BOOLEAN, TRUE },
  };
  static const AcJsonMember value_members[] = {
    { "value", AC_JSON_STRING, TRUE },
    { "label", AC_JSON_STRING, FALSE },
    { "count", AC_JSON_INTEGER, TRUE },
  };
  g_autoptr (AcFilterValues) values = ac_filter_values_new ();
  JsonArray *array;

  if (!ac_json_check (object, members, G_N_ELEMENTS (members), AC_JSON_LENIENT, NULL, error))
    return NULL;
  array = json_object_get_array_member (object, "values");
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *value = ac_json_element_object (array, i, "values", error);

      if (value == NULL || !ac_json_check (value, value_members, G_N_ELEMENTS (value_members),
                                           AC_JSON_LENIENT, "values", error))
        return NULL;
      ac_filter_values_add (values, ac_json_get_string (value, "value"),
                            ac_json_get_string (value, "label"),
                            (guint64)MAX (0, ac_json_get_integer (value, "count", 0)));
    }
  values->more = ac_json_get_boolean (object, "more", FALSE);
  return g_steal_pointer (&values);
}

/**
 * ac_filter_values_keep_tab:
 *
 * Of statuses, leaves those that stand under @tab.
 */
void
ac_filter_values_keep_tab (AcFilterValues *values, AcTab tab)
{
  g_autoptr (AcActionQuery) query = ac_action_query_new (tab);
  g_auto (GStrv) statuses = ac_action_query_get_statuses (query);

  for (guint i = values->values->len; statuses != NULL && i > 0; i--)
    {
      const AcFilterValue *value = values->values->pdata[i - 1];

      if (!g_strv_contains ((const char *const *)statuses, value->value))
        g_ptr_array_remove_index (values->values, i - 1);
    }
}
