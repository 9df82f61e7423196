/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-operation.h"
#include "window/ac-compat.h"
#include "window/ac-decision-bar.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

/* So long (microseconds) after a question was asked, and after a key that came too soon, keys
 * answer nothing: longer than a key is held before it repeats. */
#define SETTLING (600 * G_TIME_SPAN_MILLISECOND)

struct _AcDecisionBar
{
  GtkWidget parent_instance;

  GtkBox *box;
  GtkWidget *progress_section;
  GtkLabel *progress_text;
  GtkProgressBar *progress;
  GtkLabel *error;
  GtkLabel *effect;
  GtkLabel *reason;
  GtkEntry *comment;
  GtkButton *investigation;
  GtkWidget *approve;
  GtkWidget *reject;
  GtkWidget *undo;
  GtkWidget *retry;
  GtkWidget *confirm;
  GtkLabel *confirm_label;
  GtkWidget *undo_some;
  GtkWidget *instances;
  GtkLabel *instances_label;

  guint64 n_instances; /* further ones that an undo could take with it */
  AcChoices *choices;  /* nullable */
  AcDecision focused;  /* whose effect is told, when its button has the focus */
  guint n_actions;     /* that the decision is about */
  gboolean asking;     /* whether to reject them all, which nothing brings back */
  gint64 settled;      /* monotonic: before then a key does not confirm */
  guint32 answered_at; /* the time of the event of the latest key that could; 0: there was none */
  gboolean leaves_progress; /* it is told elsewhere */
};

G_DEFINE_FINAL_TYPE (AcDecisionBar, ac_decision_bar, GTK_TYPE_WIDGET)

enum
{
  DECIDE,
  UNDO_SOME,
  UNDO_INSTANCES,
  CONFIRM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const AcDecision decisions[] = {
  AC_DECISION_APPROVE,
  AC_DECISION_UNDO,
  AC_DECISION_RETRY,
  AC_DECISION_REJECT,
};

static const char *const action_names[] = {
  [AC_DECISION_APPROVE] = "decision.approve",
  [AC_DECISION_REJECT] = "decision.reject",
  [AC_DECISION_UNDO] = "decision.undo",
  [AC_DECISION_RETRY] = "decision.retry",
};

static GtkWidget *
get_button (AcDecisionBar *self, AcDecision decision)
{
  switch (decision)
    {
    case AC_DECISION_APPROVE:
      return self->approve;
    case AC_DECISION_REJECT:
      return self->reject;
    case AC_DECISION_UNDO:
      return self->undo;
    case AC_DECISION_RETRY:
      return self->retry;
    case AC_DECISION_UNKNOWN:
    default:
      return NULL;
    }
}

static void
set_line (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

/* What is asked about, else what the button with the focus would do, else the first that may be
 * pressed. */
static const char *
get_effect (AcDecisionBar *self)
{
  const AcChoice *focused = &self->choices->choices[self->focused];

  if (self->asking)
    return self->choices->choices[AC_DECISION_REJECT].effect;
  if (self->focused != AC_DECISION_UNKNOWN && focused->shown && focused->effect != NULL)
    return focused->effect;
  for (gsize i = 0; i < G_N_ELEMENTS (decisions); i++)
    if (self->choices->choices[decisions[i]].enabled)
      return self->choices->choices[decisions[i]].effect;
  return NULL;
}

/* Why buttons that are there may not be pressed, each reason once. */
static char *
get_reasons (AcDecisionBar *self)
{
  g_autoptr (GPtrArray) reasons = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (decisions); i++)
    {
      const AcChoice *choice = &self->choices->choices[decisions[i]];

      if (choice->shown && choice->reason != NULL &&
          !g_ptr_array_find_with_equal_func (reasons, choice->reason, g_str_equal, NULL))
        g_ptr_array_add (reasons, choice->reason);
    }
  if (reasons->len == 0)
    return NULL;
  g_ptr_array_add (reasons, NULL);
  return g_strjoinv ("\n", (char **)reasons->pdata);
}

static void
update_undo_some (AcDecisionBar *self)
{
  AcDecision decision = self->choices != NULL ? self->choices->undo_some : AC_DECISION_UNKNOWN;

  gtk_widget_set_visible (self->undo_some, decision != AC_DECISION_UNKNOWN);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "decision.undo-some",
                                 decision != AC_DECISION_UNKNOWN &&
                                     self->choices->choices[decision].enabled);
}

/* The further instances are undone with the action, so it must allow it itself. */
static void
update_instances (AcDecisionBar *self)
{
  const AcChoice *undo = self->choices != NULL ? &self->choices->choices[AC_DECISION_UNDO] : NULL;
  g_autofree char *number = ac_wording_number (self->n_instances);
  /* Translators: a button; %s is a number */
  g_autofree char *text = g_strdup_printf (ngettext ("Apply to %s more instance of this file",
                                                     "Apply to %s more instances of this file",
                                                     (gulong)self->n_instances),
                                           number);

  gtk_label_set_text (self->instances_label, text);
  gtk_widget_set_visible (self->instances, undo != NULL && undo->shown && self->n_instances > 0);
  gtk_widget_set_tooltip_text (self->instances,
                               _ ("Undoes this action and all others on the same file"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "decision.undo-instances",
                                 undo != NULL && undo->enabled && self->n_instances > 0);
}

static void
show_confirm (AcDecisionBar *self, const char *text)
{
  gboolean was_shown = gtk_widget_get_visible (self->confirm);

  gtk_label_set_text (self->confirm_label, text != NULL ? text : "");
  gtk_widget_set_visible (self->confirm, text != NULL);
  /* Whoever has pressed the button of the decision goes on with the keyboard here. */
  if (text == NULL || was_shown)
    return;
  self->settled = g_get_monotonic_time () + SETTLING;
  gtk_widget_grab_focus (self->confirm);
}

/* The key that has asked the question may still be held, or bounce; what it does then is no answer.
 * How soon one press came after the other the events tell: when they are looked at depends on what
 * else the window had to do. */
static gboolean
key_cb (AcDecisionBar *self,
        guint key,
        guint keycode,
        GdkModifierType state,
        GtkEventController *controller)
{
  guint32 time = gtk_event_controller_get_current_event_time (controller);
  gint64 now = g_get_monotonic_time ();
  gboolean again;

  if (key != GDK_KEY_Return && key != GDK_KEY_KP_Enter && key != GDK_KEY_ISO_Enter &&
      key != GDK_KEY_space)
    return GDK_EVENT_PROPAGATE;
  again = self->answered_at != 0 && time - self->answered_at < SETTLING / 1000;
  self->answered_at = time;
  if (!gtk_widget_has_focus (self->confirm) || (now >= self->settled && !again))
    return GDK_EVENT_PROPAGATE;
  self->settled = now + SETTLING;
  return GDK_EVENT_STOP;
}

/* An approval can be taken back and undone; a rejection cannot, and its button stands where that of
 * another step has just been. */
static void
ask (AcDecisionBar *self)
{
  g_autofree char *number = ac_wording_number (self->n_actions);
  /* Translators: a button; %s is a number */
  g_autofree char *text = g_strdup_printf (
      ngettext ("Reject %s action for good", "Reject %s actions for good", self->n_actions),
      number);

  self->asking = TRUE;
  set_line (self->effect, get_effect (self));
  show_confirm (self, text);
  ac_compat_announce (GTK_WIDGET (self), text);
}

static void
stop_asking (AcDecisionBar *self)
{
  if (!self->asking)
    return;
  self->asking = FALSE;
  show_confirm (self, NULL);
  if (self->choices != NULL)
    set_line (self->effect, get_effect (self));
}

static void
update (AcDecisionBar *self)
{
  g_autofree char *reasons = NULL;
  gboolean any_enabled = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (decisions); i++)
    {
      GtkWidget *button = get_button (self, decisions[i]);
      const AcChoice *choice = self->choices != NULL ? &self->choices->choices[decisions[i]] : NULL;
      const char *tooltip = NULL;

      if (choice != NULL)
        tooltip = choice->enabled ? choice->effect : choice->reason;
      gtk_widget_set_visible (button, choice != NULL && choice->shown);
      gtk_widget_action_set_enabled (GTK_WIDGET (self), action_names[decisions[i]],
                                     choice != NULL && choice->enabled);
      gtk_widget_set_tooltip_text (button, tooltip);
      if (tooltip != NULL)
        gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                        GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, tooltip, -1);
      else
        gtk_accessible_reset_property (GTK_ACCESSIBLE (button),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
      any_enabled = any_enabled || (choice != NULL && choice->enabled);
    }
  if (self->choices == NULL || !self->choices->choices[AC_DECISION_REJECT].enabled)
    stop_asking (self);
  if (self->choices != NULL)
    reasons = get_reasons (self);
  set_line (self->effect, self->choices != NULL ? get_effect (self) : NULL);
  set_line (self->reason, reasons);
  gtk_widget_set_visible (GTK_WIDGET (self->comment), any_enabled);
  update_undo_some (self);
  update_instances (self);
}

static void
decide (AcDecisionBar *self, AcDecision decision)
{
  g_autofree char *comment =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->comment))));

  stop_asking (self);
  g_signal_emit (self, signals[DECIDE], 0, (guint)decision, comment);
}

static void
decide_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcDecisionBar *self = AC_DECISION_BAR (widget);

  for (gsize i = 0; i < G_N_ELEMENTS (decisions); i++)
    if (strcmp (action_names[decisions[i]], name) == 0)
      {
        if (decisions[i] == AC_DECISION_REJECT && self->n_actions > 1)
          ask (self);
        else
          decide (self, decisions[i]);
        return;
      }
}

static void
undo_some_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcDecisionBar *self = AC_DECISION_BAR (widget);
  g_autofree char *comment =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->comment))));

  g_signal_emit (self, signals[UNDO_SOME], 0, (guint)self->choices->undo_some, comment);
}

static void
undo_instances_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcDecisionBar *self = AC_DECISION_BAR (widget);
  g_autofree char *comment =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->comment))));

  g_signal_emit (self, signals[UNDO_INSTANCES], 0, comment);
}

static void
confirm_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcDecisionBar *self = AC_DECISION_BAR (widget);

  if (self->asking)
    decide (self, AC_DECISION_REJECT);
  else
    g_signal_emit (self, signals[CONFIRM], 0);
}

static void
focus_cb (AcDecisionBar *self, GParamSpec *pspec, GtkEventControllerFocus *controller)
{
  GtkWidget *button = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));

  self->focused = AC_DECISION_UNKNOWN;
  for (gsize i = 0; i < G_N_ELEMENTS (decisions); i++)
    if (gtk_event_controller_focus_is_focus (controller) &&
        get_button (self, decisions[i]) == button)
      self->focused = decisions[i];
  if (self->choices != NULL)
    set_line (self->effect, get_effect (self));
}

static void
ac_decision_bar_dispose (GObject *object)
{
  AcDecisionBar *self = AC_DECISION_BAR (object);

  g_clear_pointer (&self->choices, ac_choices_free);
  g_clear_pointer ((GtkWidget **)&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_decision_bar_parent_class)->dispose (object);
}

/* What was typed does not go with the details: the first Escape only leaves the entry. */
static gboolean
comment_key_cb (AcDecisionBar *self, guint key)
{
  if (key != GDK_KEY_Escape || self->choices == NULL ||
      *gtk_editable_get_text (GTK_EDITABLE (self->comment)) == '\0')
    return GDK_EVENT_PROPAGATE;
  for (gsize i = 0; i < G_N_ELEMENTS (decisions); i++)
    if (self->choices->choices[decisions[i]].enabled)
      return ac_decision_bar_focus (self, decisions[i]);
  return GDK_EVENT_PROPAGATE;
}

static void
ac_decision_bar_class_init (AcDecisionBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_decision_bar_dispose;

  signals[DECIDE] = g_signal_new ("decide", AC_TYPE_DECISION_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
  signals[UNDO_SOME] = g_signal_new ("undo-some", AC_TYPE_DECISION_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
  signals[UNDO_INSTANCES] = g_signal_new ("undo-instances", AC_TYPE_DECISION_BAR, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  signals[CONFIRM] = g_signal_new ("confirm", AC_TYPE_DECISION_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-decision-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, box);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, progress_section);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, progress_text);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, progress);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, error);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, effect);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, reason);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, comment);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, investigation);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, approve);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, reject);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, undo);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, retry);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, confirm);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, confirm_label);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, undo_some);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, instances);
  gtk_widget_class_bind_template_child (widget_class, AcDecisionBar, instances_label);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "decisionbar");

  for (gsize i = 0; i < G_N_ELEMENTS (decisions); i++)
    gtk_widget_class_install_action (widget_class, action_names[decisions[i]], NULL, decide_action);
  gtk_widget_class_install_action (widget_class, "decision.undo-some", NULL, undo_some_action);
  gtk_widget_class_install_action (widget_class, "decision.undo-instances", NULL,
                                   undo_instances_action);
  gtk_widget_class_install_action (widget_class, "decision.confirm", NULL, confirm_action);
}

static void
ac_decision_bar_init (AcDecisionBar *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *all_keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (all_keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (all_keys, "key-pressed", G_CALLBACK (key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), all_keys);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (comment_key_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->comment), keys);
  gtk_entry_set_max_length (self->comment, AC_COMMENT_MAX_LENGTH);
  for (gsize i = 0; i < G_N_ELEMENTS (decisions); i++)
    {
      GtkEventController *controller = gtk_event_controller_focus_new ();

      g_signal_connect_object (controller, "notify::is-focus", G_CALLBACK (focus_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_widget_add_controller (get_button (self, decisions[i]), controller);
    }
  update (self);
}

/**
 * ac_decision_bar_set_choices:
 * @choices: (transfer full) (nullable): what may be decided; nothing without
 */
void
ac_decision_bar_set_choices (AcDecisionBar *self, AcChoices *choices)
{
  g_return_if_fail (AC_IS_DECISION_BAR (self));

  g_clear_pointer (&self->choices, ac_choices_free);
  self->choices = choices;
  update (self);
}

/**
 * ac_decision_bar_set_progress:
 * @text: (nullable): what is under way; %NULL when nothing is
 * @fraction: how much of it is done
 */
void
ac_decision_bar_set_progress (AcDecisionBar *self, const char *text, double fraction)
{
  g_return_if_fail (AC_IS_DECISION_BAR (self));

  gtk_widget_set_visible (self->progress_section, text != NULL && !self->leaves_progress);
  gtk_label_set_text (self->progress_text, text != NULL ? text : "");
  gtk_progress_bar_set_fraction (self->progress, fraction);
}

/**
 * ac_decision_bar_leave_progress:
 *
 * Says that what is under way is told elsewhere on the page, and need not be told twice.
 */
void
ac_decision_bar_leave_progress (AcDecisionBar *self)
{
  g_return_if_fail (AC_IS_DECISION_BAR (self));

  self->leaves_progress = TRUE;
  gtk_widget_set_visible (self->progress_section, FALSE);
}

/**
 * ac_decision_bar_set_error:
 * @text: (nullable): why the last decision was not taken, and what to do
 */
void
ac_decision_bar_set_error (AcDecisionBar *self, const char *text)
{
  g_return_if_fail (AC_IS_DECISION_BAR (self));

  if (text != NULL && g_strcmp0 (text, gtk_label_get_text (self->error)) != 0)
    ac_compat_announce (GTK_WIDGET (self), text);
  set_line (self->error, text);
}

/**
 * ac_decision_bar_set_confirmation:
 * @text: (nullable): what pressing the button says yes to, in numbers; %NULL: nothing is to be
 * confirmed
 */
void
ac_decision_bar_set_confirmation (AcDecisionBar *self, const char *text)
{
  g_return_if_fail (AC_IS_DECISION_BAR (self));

  if (text != NULL)
    self->asking = FALSE;
  if (!self->asking)
    show_confirm (self, text);
}

/**
 * ac_decision_bar_set_n_actions:
 * @n: how many actions the decision is about
 *
 * Called when others are shown. Before several are rejected the person is asked once more.
 */
void
ac_decision_bar_set_n_actions (AcDecisionBar *self, guint n)
{
  g_return_if_fail (AC_IS_DECISION_BAR (self));

  stop_asking (self);
  self->n_actions = n;
}

/**
 * ac_decision_bar_set_investigation:
 * @investigation_id: (nullable): whose page can be opened
 */
void
ac_decision_bar_set_investigation (AcDecisionBar *self, const char *investigation_id)
{
  g_return_if_fail (AC_IS_DECISION_BAR (self));

  gtk_widget_set_visible (GTK_WIDGET (self->investigation), investigation_id != NULL);
  if (investigation_id != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->investigation), "s", investigation_id);
}

/**
 * ac_decision_bar_set_instances:
 * @n: how many other actions on the same file could be undone with the one shown
 */
void
ac_decision_bar_set_instances (AcDecisionBar *self, guint64 n)
{
  g_return_if_fail (AC_IS_DECISION_BAR (self));

  self->n_instances = n;
  update_instances (self);
}

void
ac_decision_bar_clear_comment (AcDecisionBar *self)
{
  g_return_if_fail (AC_IS_DECISION_BAR (self));

  gtk_editable_set_text (GTK_EDITABLE (self->comment), "");
}

/**
 * ac_decision_bar_focus:
 *
 * Moves the focus to the button of @decision, beside which stands what it would do; Enter then
 * presses it. Where it may not be pressed, says why.
 *
 * Returns: whether the button has the focus now.
 */
gboolean
ac_decision_bar_focus (AcDecisionBar *self, AcDecision decision)
{
  GtkWidget *button;

  g_return_val_if_fail (AC_IS_DECISION_BAR (self), FALSE);

  button = get_button (self, decision);
  if (button == NULL || self->choices == NULL)
    return FALSE;
  if (self->choices->choices[decision].enabled)
    return gtk_widget_grab_focus (button);
  gtk_widget_error_bell (button);
  if (self->choices->choices[decision].reason != NULL)
    ac_compat_announce (GTK_WIDGET (self), self->choices->choices[decision].reason);
  return FALSE;
}

/**
 * ac_decision_bar_focus_comment:
 *
 * Returns: whether the entry for the comment has the focus now; there is none where nothing can be
 * decided.
 */
gboolean
ac_decision_bar_focus_comment (AcDecisionBar *self)
{
  g_return_val_if_fail (AC_IS_DECISION_BAR (self), FALSE);

  if (!gtk_widget_get_visible (GTK_WIDGET (self->comment)))
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return FALSE;
    }
  return gtk_widget_grab_focus (GTK_WIDGET (self->comment));
}
