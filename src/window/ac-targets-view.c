/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-time.h"
#include "window/ac-fact-row.h"
#include "window/ac-outcome-filter.h"
#include "window/ac-result-row.h"
#include "window/ac-result-tools.h"
#include "window/ac-targets-view.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcTargetsView
{
  GtkWidget parent_instance;

  GtkBox *box;
  GtkLabel *heading;
  GtkBox *facts; /* nullable: not part of the template */
  GtkLabel *counts;
  GtkLabel *error;
  GtkWidget *unreadable_section;
  GtkBox *unreadable;
  GtkBox *rows;
  GtkWidget *more;
  GtkWidget *all;
  GtkWidget *look;
  AcOutcomeFilter *filter;
  AcResultTools *tools;

  AcAction *action;  /* nullable */
  char *next_cursor; /* nullable */
  gboolean quiet;    /* the filter is being set from here */
};

G_DEFINE_FINAL_TYPE (AcTargetsView, ac_targets_view, GTK_TYPE_WIDGET)

enum
{
  LOAD,
  LOOK,
  EXPORT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_line (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

/* @cursor: (nullable): of the page; NULL: the first one */
static void
load (AcTargetsView *self, const char *cursor)
{
  g_signal_emit (self, signals[LOAD], 0, ac_outcome_filter_get_outcomes (self->filter), cursor);
}

/* --- how many --- */

static char *
number_at (guint64 n, gint64 at)
{
  g_autofree char *messages = ac_wording_messages (n);
  g_autofree char *when = at != AC_TIME_NONE ? ac_time_text_full (at) : NULL;

  if (when == NULL)
    return g_steal_pointer (&messages);
  /* Translators: a number of messages, and when they were counted */
  return g_strdup_printf (_ ("%1$s, counted %2$s"), messages, when);
}

static gboolean
is_forwarding (AcAction *action)
{
  return ac_action_type_parse (ac_action_get_action_type (action)) ==
         AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING;
}

/* Where mail is forwarded to; which addresses, the rows say. */
static void
show_forwarding (AcTargetsView *self, const AcTargets *targets)
{
  g_autofree char *number = NULL;
  g_autofree char *when = NULL;
  g_autofree char *now = NULL;
  g_autofree char *came = NULL;
  g_autofree char *went = NULL;
  g_autofree char *changed = NULL;

  if (targets->digest == NULL)
    {
      ac_fact_row_append (self->facts, _ ("Now"), _ ("The scripts are being looked at."));
      return;
    }
  number = ac_wording_number (targets->messages);
  when = ac_time_text_full (targets->looked_at);
  /* Translators: a number of addresses, and when the scripts were looked at */
  now = g_strdup_printf (ngettext ("To %1$s address outside, looked at %2$s",
                                   "To %1$s addresses outside, looked at %2$s",
                                   (gulong)targets->messages),
                         number, when);
  ac_fact_row_append (self->facts, _ ("Forwards now"), now);
  if (targets->changed_at == AC_TIME_NONE)
    return;
  g_free (when);
  when = ac_time_text_full (targets->changed_at);
  came = ac_wording_number (targets->added);
  went = ac_wording_number (targets->removed);
  /* Translators: a time and two numbers of addresses */
  changed =
      g_strdup_printf (_ ("When it was to be carried out, %1$s, addresses that were new: %2$s, "
                          "and that were gone: %3$s. Nothing was done."),
                       when, came, went);
  ac_fact_row_append (self->facts, _ ("Changed since it was approved"), changed);
}

static void
show_difference (AcTargetsView *self, const AcTargets *targets)
{
  g_autofree char *when = NULL;
  g_autofree char *came = NULL;
  g_autofree char *went = NULL;
  g_autofree char *text = NULL;

  if (targets->changed_at == AC_TIME_NONE)
    return;
  when = ac_time_text_full (targets->changed_at);
  came = ac_wording_number (targets->added);
  went = ac_wording_number (targets->removed);
  /* Translators: a time and two numbers */
  text = g_strdup_printf (
      _ ("When it was to be carried out, %1$s, %2$s messages had come and %3$s had "
         "gone. Nothing was done."),
      when, came, went);
  ac_fact_row_append (self->facts, _ ("Changed since it was approved"), text);
}

/* A box of its own each time: GTK 4.8 goes on taking a box for one whose height has nothing to do
 * with its width, and lets it overlap what follows, when it has asked while the box was empty and
 * hidden. */
static void
renew_facts (AcTargetsView *self)
{
  if (self->facts != NULL)
    gtk_box_remove (self->box, GTK_WIDGET (self->facts));
  self->facts = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  gtk_box_insert_child_after (self->box, GTK_WIDGET (self->facts), GTK_WIDGET (self->heading));
}

static void
show_facts (AcTargetsView *self, AcAction *action)
{
  const AcTargets *targets = ac_action_get_targets (action);
  AcEntity *entity = ac_action_get_entity (action);
  gint64 reported = ac_entity_get_integer (entity, "emailCount", -1);
  g_autofree char *then =
      reported >= 0 ? number_at ((guint64)reported, ac_entity_get_time (entity, "queriedAt"))
                    : number_at (targets->first_messages, targets->first_looked_at);
  g_autofree char *scope = NULL;
  g_autofree char *when = NULL;
  g_autofree char *now = NULL;
  g_autofree char *unreadable = NULL;

  renew_facts (self);
  if (is_forwarding (action))
    {
      show_forwarding (self, targets);
      return;
    }
  if (targets->digest == NULL)
    {
      ac_fact_row_append (self->facts, _ ("Now"), _ ("The messages are being counted."));
      return;
    }
  ac_fact_row_append (self->facts, _ ("At analysis"), then);
  scope = ac_wording_scope (targets->messages, targets->mailboxes);
  when = ac_time_text_full (targets->looked_at);
  /* Translators: “312 messages in 97 mailboxes”, and when they were counted */
  now = g_strdup_printf (_ ("%1$s, counted %2$s"), scope, when);
  ac_fact_row_append (self->facts, _ ("Now"), now);
  if (targets->unreadable > 0)
    {
      unreadable = ac_wording_mailboxes (targets->unreadable);
      ac_fact_row_append (self->facts, _ ("Could not be looked at"), unreadable);
    }
  show_difference (self, targets);
}

/* --- one by one --- */

static GtkWidget *
row_new (const AcTarget *target)
{
  const char *what = target->subject != NULL ? target->subject : target->message_id;
  g_autofree char *title = NULL;
  g_autoptr (AcActionResult) result = NULL;

  /* Translators: a mailbox, and the subject of a message in it */
  title =
      g_strdup_printf (_ ("%1$s: %2$s"), target->mailbox, what != NULL ? what : _ ("(no subject)"));
  if (target->outcome != NULL)
    result = ac_action_result_new (title, target->outcome, target->detail, target->at);
  return ac_result_row_new (ac_action_type_wire (AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER), title,
                            result);
}

static void
show_counts (AcTargetsView *self, const AcTargetPage *page)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_results = 0;

  for (guint outcome = 1; outcome < ac_vocabulary_size (AC_VOCABULARY_OUTCOME); outcome++)
    {
      const char *wire = ac_outcome_wire ((AcOutcome)outcome);
      guint n = ac_target_page_count (page, wire);
      g_autofree char *number = ac_wording_number (n);

      n_results += n;
      if (n > 0)
        g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "\n" : "",
                                ac_vocabulary_label (AC_VOCABULARY_OUTCOME, wire), number);
    }
  set_line (self->counts, text->str);
  ac_outcome_filter_set_counts (self->filter, ac_action_get_action_type (self->action),
                                n_results > 0 ? page->counts : NULL);
  ac_result_tools_set_results (self->tools, n_results,
                               ac_outcome_filter_get_n_not_done (self->filter),
                               ac_action_may (self->action, AC_DECISION_RETRY));
}

static void
show_unreadable (AcTargetsView *self, const AcTargetPage *page)
{
  ac_ui_clear_box (self->unreadable);
  for (guint i = 0; i < page->unreadable->len; i++)
    {
      const AcUnreadableMailbox *one = g_ptr_array_index (page->unreadable, i);
      g_autofree char *name = ac_wording_asset (one->mailbox);

      gtk_box_append (self->unreadable,
                      ac_result_row_new_with_text (name, one->problem, "ac-failed-symbolic"));
    }
  gtk_widget_set_visible (self->unreadable_section, page->unreadable->len > 0);
}

/**
 * ac_targets_view_add_page:
 * @is_first: it takes the place of what is shown
 */
void
ac_targets_view_add_page (AcTargetsView *self, const AcTargetPage *page, gboolean is_first)
{
  g_return_if_fail (AC_IS_TARGETS_VIEW (self));

  set_line (self->error, NULL);
  if (self->action == NULL)
    return;
  if (is_first)
    {
      ac_ui_clear_box (self->rows);
      show_counts (self, page);
      show_unreadable (self, page);
    }
  for (guint i = 0; i < page->items->len; i++)
    gtk_box_append (self->rows, row_new (g_ptr_array_index (page->items, i)));
  g_free (self->next_cursor);
  self->next_cursor = g_strdup (page->next_cursor);
  gtk_widget_set_visible (self->more, page->next_cursor != NULL);
  gtk_widget_set_visible (self->all, *ac_outcome_filter_get_outcome (self->filter) != '\0');
}

/**
 * ac_targets_view_set_error:
 * @message: (nullable): why there are no messages to see
 */
void
ac_targets_view_set_error (AcTargetsView *self, const char *message)
{
  g_return_if_fail (AC_IS_TARGETS_VIEW (self));

  set_line (self->error, message);
}

static gboolean
has_failures (AcAction *action)
{
  switch (ac_action_get_status_value (action))
    {
    case AC_STATUS_PARTLY_COMPLETED:
    case AC_STATUS_FAILED:
    case AC_STATUS_UNDO_FAILED:
      return TRUE;
    default:
      return FALSE;
    }
}

/**
 * ac_targets_view_set_action:
 * @action: (nullable): the view hides itself for one that is about no cluster
 */
void
ac_targets_view_set_action (AcTargetsView *self, AcAction *action)
{
  const AcTargets *targets = action != NULL ? ac_action_get_targets (action) : NULL;
  gboolean same;

  g_return_if_fail (AC_IS_TARGETS_VIEW (self));

  gtk_widget_set_visible (GTK_WIDGET (self), targets != NULL);
  if (targets == NULL)
    {
      g_clear_object (&self->action);
      return;
    }
  same = self->action != NULL &&
         g_strcmp0 (ac_action_get_id (self->action), ac_action_get_id (action)) == 0;
  if (same && ac_action_get_version (self->action) == ac_action_get_version (action))
    return;
  if (!same)
    {
      ac_ui_clear_box (self->rows);
      ac_ui_clear_box (self->unreadable);
      set_line (self->counts, NULL);
      set_line (self->error, NULL);
      gtk_widget_set_visible (self->unreadable_section, FALSE);
      gtk_widget_set_visible (self->more, FALSE);
      gtk_widget_set_visible (self->all, FALSE);
      ac_outcome_filter_set_counts (self->filter, NULL, NULL);
      ac_result_tools_set_results (self->tools, 0, 0, FALSE);
      ac_result_tools_forget (self->tools);
    }
  g_set_object (&self->action, action);
  /* The rest is shown when somebody wants to see it. */
  self->quiet = TRUE;
  ac_outcome_filter_set_outcome (self->filter,
                                 has_failures (action) ? AC_OUTCOME_FILTER_NOT_DONE : NULL);
  self->quiet = FALSE;
  gtk_label_set_text (self->heading, is_forwarding (action) ? _ ("Forwarding") : _ ("Messages"));
  gtk_button_set_label (GTK_BUTTON (self->look),
                        is_forwarding (action) ? _ ("Look anew") : _ ("Count anew"));
  show_facts (self, action);
  gtk_widget_set_visible (self->look, ac_action_may (action, AC_DECISION_APPROVE));
  load (self, NULL);
}

/* --- the widget --- */

static void
more_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcTargetsView *self = AC_TARGETS_VIEW (widget);

  if (self->next_cursor != NULL)
    load (self, self->next_cursor);
}

static void
all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcTargetsView *self = AC_TARGETS_VIEW (widget);

  ac_outcome_filter_set_outcome (self->filter, NULL);
}

static void
filter_cb (AcTargetsView *self)
{
  if (self->action != NULL && !self->quiet)
    load (self, NULL);
}

static void
export_cb (AcTargetsView *self)
{
  if (self->action != NULL)
    g_signal_emit (self, signals[EXPORT], 0);
}

static void
look_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[LOOK], 0);
}

static void
ac_targets_view_dispose (GObject *object)
{
  AcTargetsView *self = AC_TARGETS_VIEW (object);

  g_clear_object (&self->action);
  g_clear_pointer (&self->next_cursor, g_free);
  g_clear_pointer ((GtkWidget **)&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_targets_view_parent_class)->dispose (object);
}

static void
ac_targets_view_class_init (AcTargetsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_targets_view_dispose;

  signals[LOAD] = g_signal_new ("load", AC_TYPE_TARGETS_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, G_TYPE_STRV, G_TYPE_STRING);
  signals[LOOK] = g_signal_new ("look", AC_TYPE_TARGETS_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);

  signals[EXPORT] = g_signal_new ("export", AC_TYPE_TARGETS_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-targets-view.ui");
  gtk_widget_class_bind_template_child (widget_class, AcTargetsView, box);
  gtk_widget_class_bind_template_child (widget_class, AcTargetsView, heading);
  gtk_widget_class_bind_template_child (widget_class, AcTargetsView, counts);
  gtk_widget_class_bind_template_child (widget_class, AcTargetsView, error);
  gtk_widget_class_bind_template_child (widget_class, AcTargetsView, unreadable_section);
  gtk_widget_class_bind_template_child (widget_class, AcTargetsView, unreadable);
  gtk_widget_class_bind_template_child (widget_class, AcTargetsView, rows);
  gtk_widget_class_bind_template_child (widget_class, AcTargetsView, more);
  gtk_widget_class_bind_template_child (widget_class, AcTargetsView, all);
  gtk_widget_class_bind_template_child (widget_class, AcTargetsView, look);
  gtk_widget_class_bind_template_child (widget_class, AcTargetsView, filter);
  gtk_widget_class_bind_template_child (widget_class, AcTargetsView, tools);
  gtk_widget_class_bind_template_callback (widget_class, filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  gtk_widget_class_install_action (widget_class, "targets.more", NULL, more_action);
  gtk_widget_class_install_action (widget_class, "targets.all", NULL, all_action);
  gtk_widget_class_install_action (widget_class, "targets.look", NULL, look_action);
}

static void
ac_targets_view_init (AcTargetsView *self)
{
  g_type_ensure (AC_TYPE_OUTCOME_FILTER);
  g_type_ensure (AC_TYPE_RESULT_TOOLS);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * ac_targets_view_export:
 * @api: (nullable): whom to ask for the messages
 *
 * Saves the messages of the outcomes that are chosen, all pages of them.
 */
void
ac_targets_view_export (AcTargetsView *self, AcApi *api)
{
  g_return_if_fail (AC_IS_TARGETS_VIEW (self));
  g_return_if_fail (self->action != NULL);

  ac_result_tools_export (self->tools, api, self->action,
                          ac_outcome_filter_get_outcomes (self->filter));
}
