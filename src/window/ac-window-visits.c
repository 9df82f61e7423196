/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way back and forward through what was looked at. What is current there is what is looked at, or what
 * is on its way to be. */
#include "config.h"

#include "window/ac-window-private.h"

/**
 * ac_window_visited:
 * @id: (nullable): of what is looked at on @page
 *
 * Something is looked at now, to which one may want to come back.
 */
void
ac_window_visited (AcWindow *self, const char *page, const char *id)
{
  ac_visits_add (self->visits, page, id);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.back",
                                 ac_visits_can_step (self->visits, -1));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.forward",
                                 ac_visits_can_step (self->visits, 1));
}

static void
gone_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  AC_WINDOW (user_data)->n_going--;
  ac_window_action_cb (source_object, result, user_data);
}

/* Whether back or forward leads to another action than this one, which is not shown yet. */
static gboolean
is_passed (AcWindow *self, const char *id)
{
  const AcVisit *visit = ac_visits_get_current (self->visits);

  return visit != NULL && visit->id != NULL && !g_str_equal (visit->id, id) &&
         (self->n_going > 0 || ac_action_center_page_awaits (self->action_center, visit->id));
}

/* An action was looked at, and not only passed on the way to another one. */
void
ac_window_visited_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcWindow *self = AC_WINDOW (widget);
  const char *id = g_variant_get_string (parameter, NULL);

  /* Whoever goes back twice leaves the first before it counts as looked at: it would take the way
   * forward away. */
  if (is_passed (self, id))
    return;
  /* On the page of an investigation it is that page which is looked at. */
  if (g_str_equal (gtk_stack_get_visible_child_name (self->stack), "action-center"))
    ac_window_visited (self, "action-center", id);
}

static void
go (AcWindow *self, int by)
{
  const AcVisit *visit = ac_visits_step (self->visits, by);

  if (visit == NULL)
    return;
  if (strcmp (visit->page, "investigation") == 0)
    ac_window_show_investigation (self, visit->id);
  else
    ac_window_show_page (self, visit->page);
  if (strcmp (visit->page, "action-center") == 0 && visit->id != NULL &&
      ac_window_ask_for_action (self, visit->id, gone_cb))
    self->n_going++;
  ac_window_visited (self, visit->page, visit->id);
}

/* Back and forward. */
void
ac_window_back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go (AC_WINDOW (widget), strcmp (name, "win.back") == 0 ? -1 : 1);
}
