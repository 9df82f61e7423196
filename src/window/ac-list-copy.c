/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-compat.h"
#include "window/ac-copy.h"
#include "window/ac-link.h"
#include "window/ac-list-copy.h"
#include "window/ac-wording.h"

typedef struct
{
  AcActionTab *tab; /* owned */
  AcCopyFormat format;
} Copying;

static void
copy_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Copying *copying = user_data;
  g_autoptr (AcActionTab) self = copying->tab;
  AcCopyFormat format = copying->format;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      ac_action_source_load_rows_finish (AC_ACTION_SOURCE (object), result, &error);
  g_autoptr (AcColumnLayout) layout = NULL;
  g_autofree char *text = NULL;
  g_autofree char *what = NULL;
  g_autofree char *said = NULL;

  g_free (copying);
  if (rows == NULL)
    {
      ac_compat_announce (GTK_WIDGET (self), error->message);
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  for (guint i = rows->len; i > 0; i--)
    if (rows->pdata[i - 1] == NULL)
      g_ptr_array_remove_index (rows, i - 1);
  layout = ac_action_tab_dup_layout (self);
  text = ac_copy_rows (format, rows, layout);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  what = ac_wording_actions (rows->len);
  /* Translators: a number of actions */
  said = g_strdup_printf (_ ("%s copied"), what);
  ac_compat_announce (GTK_WIDGET (self), said);
}

/**
 * ac_list_copy:
 * @format: of ac_copy_format_parse(), or “list-link”
 *
 * Puts what is selected on the clipboard, or the link to the list.
 *
 * Returns: whether there is something to copy, and not too much of it.
 */
gboolean
ac_list_copy (AcActionTab *tab, const char *format)
{
  g_autoptr (GArray) keys = NULL;
  AcActionView *view;
  AcActionList *list;
  AcCopyFormat wanted;
  Copying *copying;

  g_return_val_if_fail (AC_IS_ACTION_TAB (tab), FALSE);

  if (g_strcmp0 (format, "list-link") == 0)
    {
      g_autofree char *link = ac_link_format_query (ac_action_tab_get_query (tab));

      gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (tab)), link);
      return TRUE;
    }
  view = ac_action_tab_get_view (tab);
  list = ac_action_tab_get_list (tab);
  if (view == NULL || list == NULL || !ac_copy_format_parse (format, &wanted))
    return FALSE;
  keys = ac_action_view_get_selected_keys (view);
  if (keys->len == 0 || keys->len > AC_COPY_MOST_ROWS)
    return FALSE;
  copying = g_new0 (Copying, 1);
  copying->tab = g_object_ref (tab);
  copying->format = wanted;
  ac_action_source_load_rows_async (ac_action_list_get_source (list),
                                    (const guint64 *)(gpointer)keys->data, keys->len, NULL, copy_cb,
                                    copying);
  return TRUE;
}
