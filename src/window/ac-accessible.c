/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-accessible.h"

/**
 * ac_accessible_set_label:
 * @label: translated
 *
 * Has a screen reader call @widget so.
 */
void
ac_accessible_set_label (GtkWidget *widget, const char *label)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

/**
 * ac_accessible_get_rows:
 *
 * Returns: (transfer none): the list inside @view in which its rows stand, after the headings.
 */
GtkWidget *
ac_accessible_get_rows (GtkColumnView *view)
{
  return gtk_widget_get_last_child (GTK_WIDGET (view));
}

/**
 * ac_accessible_name_view:
 * @label: translated: what @view holds
 *
 * Names @view, the line of its headings, and its list of rows.
 */
void
ac_accessible_name_view (GtkColumnView *view, const char *label)
{
  ac_accessible_set_label (GTK_WIDGET (view), label);
  ac_accessible_set_label (gtk_widget_get_first_child (GTK_WIDGET (view)), _ ("Column headings"));
  ac_accessible_set_label (ac_accessible_get_rows (view), label);
}

/**
 * ac_accessible_name_row:
 * @child: what a factory made for a cell
 * @description: translated: what is said of the whole row
 *
 * Names the widget of the whole row, which GTK makes: two above what the factory makes.
 */
void
ac_accessible_name_row (GtkWidget *child, const char *description)
{
  GtkWidget *cell = gtk_widget_get_parent (child);
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;

  if (row != NULL && g_strcmp0 (gtk_widget_get_css_name (row), "row") == 0)
    ac_accessible_set_label (row, description);
}

/* The text of the first label in @widget that has one. */
static const char *
find_text (GtkWidget *widget)
{
  const char *text = GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : NULL;

  if (text != NULL && *text != '\0')
    return text;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if ((text = find_text (child)) != NULL)
      return text;
  return NULL;
}

/**
 * ac_accessible_name_parts:
 * @label: translated: what @widget is for
 *
 * Names the lists and buttons inside a choice or an unfolding row, which take the keyboard, and the
 * item that shows what is chosen. The items of a popover are not touched.
 */
void
ac_accessible_name_parts (GtkWidget *widget, const char *label)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (GTK_IS_LIST_VIEW (child) || GTK_IS_LIST_BOX (child) || GTK_IS_TOGGLE_BUTTON (child))
        ac_accessible_set_label (child, label);
      /* A class of GTK's own, without a public name. */
      if (g_strcmp0 (G_OBJECT_TYPE_NAME (child), "GtkListItemWidget") == 0)
        {
          const char *text = find_text (child);

          if (gtk_widget_get_ancestor (child, GTK_TYPE_POPOVER) == NULL)
            ac_accessible_set_label (child, text != NULL ? text : label);
        }
      else
        ac_accessible_name_parts (child, label);
    }
}

static void
choice_cb (GtkWidget *choice, GParamSpec *pspec, const char *label)
{
  ac_accessible_name_parts (choice, label);
}

/**
 * ac_accessible_name_choice:
 * @choice: a #GtkDropDown or an #AdwComboRow
 * @label: translated: what is chosen with it
 *
 * Names @choice and what is inside it, also after something else is chosen.
 */
void
ac_accessible_name_choice (GtkWidget *choice, const char *label)
{
  ac_accessible_set_label (choice, label);
  ac_accessible_name_parts (choice, label);
  g_signal_connect_data (choice, "notify::selected", G_CALLBACK (choice_cb), g_strdup (label),
                         (GClosureNotify)(GCallback)g_free, G_CONNECT_AFTER);
}

static void
expander_label_cb (GtkExpander *expander)
{
  const char *label = gtk_expander_get_label (expander);

  ac_accessible_set_label (GTK_WIDGET (expander), label != NULL ? label : "");
}

/**
 * ac_accessible_name_expander:
 *
 * Has @expander be called by its label, also when that changes.
 */
void
ac_accessible_name_expander (GtkExpander *expander)
{
  g_signal_connect (expander, "notify::label", G_CALLBACK (expander_label_cb), NULL);
  expander_label_cb (expander);
}
