/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-query-text.h"
#include "model/ac-json.h"
#include "window/ac-saved-view.h"

/**
 * ac_saved_view_new:
 * @tab: as it is looked at now
 *
 * Returns: (transfer full):
 */
AcSavedView *
ac_saved_view_new (const char *name, AcActionTab *tab)
{
  AcSavedView *view = g_new0 (AcSavedView, 1);
  g_autoptr (AcColumnLayout) layout = ac_action_tab_dup_layout (tab);

  view->name = g_strdup (name);
  view->tab = g_strdup (ac_action_tab_get_tab (tab) == AC_TAB_HISTORY ? "history" : "pending");
  view->filters = ac_query_text_format (ac_action_tab_get_query (tab));
  view->range = ac_time_range_to_text (ac_action_tab_get_range (tab));
  view->sort = ac_action_tab_dup_sort_key (tab);
  view->columns = ac_column_layout_to_text (layout);
  return view;
}

void
ac_saved_view_free (AcSavedView *view)
{
  if (view == NULL)
    return;
  g_free (view->name);
  g_free (view->tab);
  g_free (view->filters);
  g_free (view->range);
  g_free (view->sort);
  g_free (view->columns);
  g_free (view);
}

/**
 * ac_saved_view_new_from_text:
 *
 * Returns: (transfer full) (nullable): the view, or %NULL when @text is none.
 */
AcSavedView *
ac_saved_view_new_from_text (const char *text)
{
  static const AcJsonMember members[] = {
    { "name", AC_JSON_TEXT, TRUE },      { "tab", AC_JSON_STRING, TRUE },
    { "filters", AC_JSON_STRING, TRUE }, { "range", AC_JSON_STRING, TRUE },
    { "sort", AC_JSON_STRING, TRUE },    { "columns", AC_JSON_STRING, FALSE },
  };
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (JsonNode) root = ac_json_parse (bytes, NULL);
  JsonObject *object = root != NULL ? ac_json_root_object (root, NULL) : NULL;
  AcSavedView *view;

  if (object == NULL ||
      !ac_json_check (object, members, G_N_ELEMENTS (members), AC_JSON_LENIENT, NULL, NULL))
    return NULL;
  view = g_new0 (AcSavedView, 1);
  view->name = g_strdup (ac_json_get_string (object, "name"));
  view->tab = g_strdup (ac_json_get_string (object, "tab"));
  view->filters = g_strdup (ac_json_get_string (object, "filters"));
  view->range = g_strdup (ac_json_get_string (object, "range"));
  view->sort = g_strdup (ac_json_get_string (object, "sort"));
  view->columns = g_strdup (ac_json_get_string (object, "columns"));
  return view;
}

/**
 * ac_saved_view_to_text:
 *
 * Returns: (transfer full): the view as JSON.
 */
char *
ac_saved_view_to_text (const AcSavedView *view)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GBytes) bytes = NULL;

  ac_json_set_string (object, "name", view->name);
  ac_json_set_string (object, "tab", view->tab);
  ac_json_set_string (object, "filters", view->filters);
  ac_json_set_string (object, "range", view->range);
  ac_json_set_string (object, "sort", view->sort);
  ac_json_set_string (object, "columns", view->columns);
  bytes = ac_json_object_to_bytes (object);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/**
 * ac_saved_view_apply:
 * @tab: the one that the view is of
 *
 * Looks at the tab that way. What the view does not filter by is not filtered by.
 *
 * Returns: whether that could be done; AC_CLIENT_ERROR_INVALID when its filters are none of ours,
 * and then nothing has changed.
 */
gboolean
ac_saved_view_apply (const AcSavedView *view, AcActionTab *tab, GError **error)
{
  g_autoptr (AcActionQuery) plain = ac_action_query_new (ac_action_tab_get_tab (tab));
  g_autoptr (AcActionQuery) filtered = ac_query_text_parse (plain, view->filters, error);
  g_autoptr (AcActionQuery) query = NULL;
  AcTimeRange range;

  if (filtered == NULL)
    return FALSE;
  query = ac_action_query_with_sort_key (filtered, view->sort);
  if (view->columns != NULL)
    {
      g_autoptr (AcColumnLayout) layout =
          ac_column_layout_new_from_text (ac_action_tab_get_tab (tab), view->columns);

      ac_action_tab_set_layout (tab, layout);
    }
  ac_time_range_parse (view->range, &range);
  ac_action_tab_set_range (tab, &range);
  ac_action_tab_set_query (tab, query);
  return TRUE;
}
