/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-list-settings.h"

static const char *
sort_name (AcActionTab *tab)
{
  return ac_action_tab_get_tab (tab) == AC_TAB_HISTORY ? "history-sort" : "pending-sort";
}

static const char *
columns_name (AcActionTab *tab)
{
  return ac_action_tab_get_tab (tab) == AC_TAB_HISTORY ? "history-columns" : "pending-columns";
}

/**
 * ac_list_settings_read:
 *
 * Shows the list as it was shown last.
 */
void
ac_list_settings_read (AcActionTab *tab, GSettings *settings)
{
  g_autofree char *sort = g_settings_get_string (settings, sort_name (tab));
  g_autofree char *columns = g_settings_get_string (settings, columns_name (tab));
  g_autoptr (AcColumnLayout) layout =
      ac_column_layout_new_from_text (ac_action_tab_get_tab (tab), columns);

  ac_action_tab_set_sort_key (tab, sort);
  ac_action_tab_set_layout (tab, layout);
}

/**
 * ac_list_settings_write:
 *
 * Keeps how the list is shown now.
 */
void
ac_list_settings_write (AcActionTab *tab, GSettings *settings)
{
  g_autoptr (AcColumnLayout) layout = ac_action_tab_dup_layout (tab);
  g_autofree char *columns = ac_column_layout_to_text (layout);
  g_autofree char *sort = ac_action_tab_dup_sort_key (tab);

  g_settings_set_string (settings, sort_name (tab), sort);
  g_settings_set_string (settings, columns_name (tab), columns);
}
