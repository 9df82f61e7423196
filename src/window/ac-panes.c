/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-panes.h"

static void
collect (GtkWidget *widget, GPtrArray *panes)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (gtk_widget_has_css_class (widget, "pane"))
    {
      g_ptr_array_add (panes, widget);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, panes);
}

static gboolean
enter (GtkWidget *pane)
{
  /* A list knows which of its rows was looked at last; other panes begin with their first control.
   */
  return gtk_widget_grab_focus (pane) || gtk_widget_child_focus (pane, GTK_DIR_TAB_FORWARD);
}

/**
 * ac_panes_step:
 * @root: what the panes are looked for in
 * @by: 1 or -1
 *
 * Moves the focus into the pane after or before the one that has it, and from the last one round to
 * the first.
 *
 * Returns: whether there is one that takes it.
 */
gboolean
ac_panes_step (GtkWidget *root, int by)
{
  g_autoptr (GPtrArray) panes = g_ptr_array_new ();
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (gtk_widget_get_root (root)));
  guint from = 0;
  gboolean inside = FALSE;

  collect (root, panes);
  for (guint i = 0; focus != NULL && i < panes->len; i++)
    if (focus == panes->pdata[i] || gtk_widget_is_ancestor (focus, panes->pdata[i]))
      {
        from = i;
        inside = TRUE;
      }
  for (guint n = inside ? 1 : 0; n < panes->len + (inside ? 0 : 1); n++)
    {
      guint index = by > 0 ? (from + n) % panes->len : (from + panes->len - n) % panes->len;

      if (enter (panes->pdata[index]))
        return TRUE;
    }
  return FALSE;
}
