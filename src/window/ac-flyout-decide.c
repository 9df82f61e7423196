/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a flyout has done about what it shows. The ids and types of many actions are in the source,
 * so they are asked for first. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-own-proposals.h"
#include "window/ac-flyout-private.h"
#include "window/ac-undo-window.h"

/* A decision about several actions, whose ids are being asked for. */
typedef struct
{
  AcFlyout *flyout;       /* owned */
  AcDecisions *decisions; /* owned; they know that it is being looked up */
  GArray *keys;           /* of guint64, owned */
  AcDecision decision;
  gboolean mixed; /* actions of several types */
  char *comment;  /* nullable */
} Deciding;

static void
deciding_free (Deciding *deciding)
{
  ac_decisions_end_reading (deciding->decisions);
  g_object_unref (deciding->decisions);
  g_object_unref (deciding->flyout);
  g_array_unref (deciding->keys);
  g_free (deciding->comment);
  g_free (deciding);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Deciding, deciding_free)

/* Where it is looked for: beside the buttons, unless these are about something else by now. */
static void
say_not_sent (Deciding *deciding, const char *why)
{
  AcFlyout *self = deciding->flyout;
  g_autofree char *text = NULL;

  if (self->keys == deciding->keys)
    {
      ac_decision_bar_set_error (self->decision_bar, why);
      return;
    }
  text = g_strdup_printf (_ ("Your decision was not sent: %s"), why);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.tell", "s", text);
}

/* What was decided is about what was selected then, and goes with the account of then, whatever is
 * selected or connected by now. */
static void
decide_ids_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Deciding) deciding = user_data;
  AcFlyout *self = deciding->flyout;
  AcSession *session = ac_decisions_get_session (deciding->decisions);
  AcOperationRun *run = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids =
      ac_action_source_load_ids_finish (AC_ACTION_SOURCE (source_object), result, &error);

  /* The window has been closed, whatever it said. */
  if (session == NULL)
    return;
  if (ids == NULL)
    say_not_sent (deciding, error->message);
  else if (source_object != (GObject *)ac_session_get_source (session))
    say_not_sent (deciding, _ ("Another account has been connected meanwhile."));
  else if (ids[0] != NULL)
    {
      self->submits_earlier = self->keys != deciding->keys;
      run = ac_decisions_decide (deciding->decisions, deciding->decision, (const char *const *)ids,
                                 deciding->comment);
      self->submits_earlier = FALSE;
    }
  if (run != NULL && deciding->mixed)
    ac_operation_run_set_mixed (run, TRUE);
  if (self->deciding != deciding->keys)
    return;
  g_clear_pointer (&self->deciding, g_array_unref);
  ac_flyout_update_choices (self);
}

/**
 * ac_flyout_decide:
 * @comment: (nullable): what the person says about it
 *
 * Submits a decision about what is shown.
 */
void
ac_flyout_decide (AcFlyout *self, AcDecision decision, const char *comment)
{
  Deciding *deciding;

  if (self->decisions == NULL)
    return;
  if (self->content == AC_FLYOUT_ONE && self->action != NULL)
    {
      const char *const ids[] = { ac_action_get_id (self->action), NULL };

      if (decision == AC_DECISION_APPROVE)
        ac_decisions_approve_seen (self->decisions, self->action, comment);
      else
        ac_decisions_decide (self->decisions, decision, ids, comment);
    }
  else if (self->content == AC_FLYOUT_SEVERAL && self->deciding == NULL)
    {
      self->deciding = g_array_ref (self->keys);
      deciding = g_new0 (Deciding, 1);
      deciding->flyout = g_object_ref (self);
      deciding->decisions = g_object_ref (self->decisions);
      ac_decisions_begin_reading (self->decisions);
      deciding->keys = g_array_ref (self->keys);
      deciding->decision = decision;
      deciding->mixed = self->summary != NULL && g_hash_table_size (self->summary->types) > 1;
      deciding->comment = g_strdup (comment);
      ac_action_source_load_ids_async (self->source, (const guint64 *)(gpointer)self->keys->data,
                                       self->keys->len, NULL, decide_ids_cb, deciding);
      ac_flyout_update_choices (self);
    }
}

/* Of what was chosen from, whatever is shown by now. */
typedef struct
{
  AcDecisions *decisions; /* owned */
  char *action_id;
} Choosing;

static void
choosing_free (gpointer data, GClosure *closure)
{
  Choosing *choosing = data;

  g_object_unref (choosing->decisions);
  g_free (choosing->action_id);
  g_free (choosing);
}

static void
chosen_cb (AcUndoWindow *window,
           guint decision,
           const char *const *assets,
           const char *comment,
           Choosing *choosing)
{
  ac_decisions_undo_some (choosing->decisions, (AcDecision)decision, choosing->action_id, assets,
                          comment);
}

/**
 * ac_flyout_undo_some:
 * @decision: an AcDecision: an undo, or the retry of one
 * @comment: (nullable): what the person says about it
 *
 * Asks for which of the assets the action shown is to be undone, and submits that.
 */
void
ac_flyout_undo_some (AcFlyout *self, guint decision, const char *comment)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  Choosing *choosing;
  AcUndoWindow *window;

  if (self->decisions == NULL || self->content != AC_FLYOUT_ONE || self->action == NULL)
    return;
  choosing = g_new0 (Choosing, 1);
  choosing->decisions = g_object_ref (self->decisions);
  choosing->action_id = g_strdup (ac_action_get_id (self->action));
  window = ac_undo_window_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, self->action,
                               (AcDecision)decision, comment);
  g_signal_connect_data (window, "decide", G_CALLBACK (chosen_cb), choosing, choosing_free,
                         G_CONNECT_DEFAULT);
  gtk_window_present (GTK_WINDOW (window));
}

/**
 * ac_flyout_get_second_person:
 *
 * Returns: (nullable): the name of the person who sits here, if somebody else must approve what he
 * has proposed.
 */
const char *
ac_flyout_get_second_person (AcFlyout *self)
{
  const AcMe *me = self->decisions != NULL
                       ? ac_session_get_me (ac_decisions_get_session (self->decisions))
                       : NULL;

  return me != NULL && me->second_person ? me->name : NULL;
}

typedef struct
{
  AcFlyout *flyout; /* owned */
  GArray *keys;     /* of guint64, owned */
  AcDecision decision;
} Narrowing;

static void
narrowing_free (Narrowing *narrowing)
{
  g_object_unref (narrowing->flyout);
  g_array_unref (narrowing->keys);
  g_free (narrowing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Narrowing, narrowing_free)

/* Whether the answer is about what is selected still. */
static gboolean
is_wanted (const Narrowing *narrowing, const GError *error)
{
  return !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
         narrowing->flyout->keys == narrowing->keys;
}

static void
narrowed (Narrowing *narrowing, GArray *keys, const GError *error)
{
  if (keys == NULL)
    ac_decision_bar_set_error (narrowing->flyout->decision_bar, error->message);
  else
    ac_flyout_emit_narrow (narrowing->flyout, keys);
}

static void
leave_out_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Narrowing) narrowing = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) keys =
      ac_own_proposals_leave_out_finish (AC_ACTION_SOURCE (source_object), result, &error);

  if (is_wanted (narrowing, error))
    narrowed (narrowing, keys, error);
}

static void
narrow_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Narrowing) narrowing = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) keys =
      ac_action_source_narrow_finish (AC_ACTION_SOURCE (source_object), result, &error);
  const char *person = ac_flyout_get_second_person (narrowing->flyout);

  if (!is_wanted (narrowing, error))
    return;
  if (keys != NULL && narrowing->decision == AC_DECISION_APPROVE && person != NULL)
    ac_own_proposals_leave_out_async (AC_ACTION_SOURCE (source_object), keys, person, NULL,
                                      leave_out_cb, g_steal_pointer (&narrowing));
  else
    narrowed (narrowing, keys, error);
}

/**
 * ac_flyout_narrow:
 * @type: (nullable): to the actions of this type only
 * @decision: to those that take it, from the person who sits here, unless it is AC_DECISION_UNKNOWN
 *
 * Asks the list to keep fewer of the selected actions selected.
 */
void
ac_flyout_narrow (AcFlyout *self, const char *type, AcDecision decision)
{
  Narrowing *narrowing;

  if (self->content != AC_FLYOUT_SEVERAL)
    return;
  narrowing = g_new0 (Narrowing, 1);
  narrowing->flyout = g_object_ref (self);
  narrowing->keys = g_array_ref (self->keys);
  narrowing->decision = decision;
  ac_action_source_narrow_async (self->source, (const guint64 *)(gpointer)self->keys->data,
                                 self->keys->len, type, decision, NULL, narrow_cb, narrowing);
}

/**
 * ac_flyout_leave_progress:
 *
 * Says that how a decision about one action goes is told elsewhere on the page.
 */
void
ac_flyout_leave_progress (AcFlyout *self)
{
  g_return_if_fail (AC_IS_FLYOUT (self));

  ac_decision_bar_leave_progress (self->decision_bar);
}
