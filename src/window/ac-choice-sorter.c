/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-choice-sorter.h"

struct _AcChoiceSorter
{
  GtkSorter parent_instance;

  AcSort sort;
};

G_DEFINE_FINAL_TYPE (AcChoiceSorter, ac_choice_sorter, GTK_TYPE_SORTER)

/* The sorter that answered last. Widgets live in one thread. */
static AcChoiceSorter *answered;

/* Always "larger": so the column view's sorter stops at the first column, which is the one that was
 * chosen, and turns the answer round when it is chosen descending. */
static GtkOrdering
ac_choice_sorter_compare (GtkSorter *sorter, gpointer item1, gpointer item2)
{
  answered = AC_CHOICE_SORTER (sorter);
  return GTK_ORDERING_LARGER;
}

static GtkSorterOrder
ac_choice_sorter_get_order (GtkSorter *sorter)
{
  return GTK_SORTER_ORDER_PARTIAL;
}

static void
ac_choice_sorter_class_init (AcChoiceSorterClass *klass)
{
  GTK_SORTER_CLASS (klass)->compare = ac_choice_sorter_compare;
  GTK_SORTER_CLASS (klass)->get_order = ac_choice_sorter_get_order;
}

static void
ac_choice_sorter_init (AcChoiceSorter *self)
{
}

/**
 * ac_choice_sorter_new:
 * @sort: what the column stands for
 *
 * Returns: (transfer full):
 */
GtkSorter *
ac_choice_sorter_new (AcSort sort)
{
  AcChoiceSorter *self = g_object_new (AC_TYPE_CHOICE_SORTER, NULL);

  self->sort = sort;
  return GTK_SORTER (self);
}

/**
 * ac_choice_sorter_read:
 * @view_sorter: (nullable): the sorter of a column view
 * @sort: (out): the column that was chosen
 * @descending: (out): which way
 *
 * Returns: whether a column is chosen.
 */
gboolean
ac_choice_sorter_read (GtkSorter *view_sorter, AcSort *sort, gboolean *descending)
{
  /* Two different things, for equal ones are not compared. */
  g_autoptr (GObject) one = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GObject) other = g_object_new (G_TYPE_OBJECT, NULL);
  GtkOrdering ordering;

  if (view_sorter == NULL)
    return FALSE;
  answered = NULL;
  ordering = gtk_sorter_compare (view_sorter, one, other);
  if (answered == NULL)
    return FALSE;
  *sort = answered->sort;
  *descending = ordering == GTK_ORDERING_SMALLER;
  return TRUE;
}
