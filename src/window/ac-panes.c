/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-panes.h"

/* @before: (inout): how many panes stand before @focus, once it is met */
static void
collect (GtkWidget *widget, GtkWidget *focus, GPtrArray *panes, guint *before)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (widget == focus)
    *before = panes->len;
  if (gtk_widget_has_css_class (widget, "pane"))
    {
      g_ptr_array_add (panes, widget);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, focus, panes, before);
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
 * the first; from a place between the panes into the next or the one before.
 *
 * Returns: whether there is one that takes it.
 */
gboolean
ac_panes_step (GtkWidget *root, int by)
{
  g_autoptr (GPtrArray) panes = g_ptr_array_new ();
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (gtk_widget_get_root (root)));
  guint before = 0;
  guint from;
  guint n_others;

  collect (root, focus, panes, &before);
  /* Between the panes the one after is as far away as the one before. */
  from = by > 0 ? before + panes->len - 1 : before;
  n_others = panes->len;
  for (guint i = 0; focus != NULL && i < panes->len; i++)
    if (focus == panes->pdata[i] || gtk_widget_is_ancestor (focus, panes->pdata[i]))
      {
        from = i;
        n_others = panes->len - 1;
      }
  for (guint n = 1; n <= n_others; n++)
    {
      guint index = (by > 0 ? from + n : from + panes->len - n) % panes->len;

      if (enter (panes->pdata[index]))
        return TRUE;
    }
  return FALSE;
}
