/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-explorer-api.h"
#include "model/ac-time.h"
#include "window/ac-compat.h"
#include "window/ac-fact-row.h"
#include "window/ac-submission-details.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"

struct _AcSubmissionDetails
{
  AdwWindow parent_instance;

  GtkBox *facts;
  GtkWidget *judge;
  GtkEntry *answer;
  GtkLabel *error;
  GtkWidget *show;

  AcSession *session;
  AcSubmission *submission;
  GCancellable *cancellable;
  GCancellable *loading; /* nullable: of the one question that is under way */
  gboolean is_stale;     /* something has changed since it was asked */
  gboolean was_refused;  /* the answer of the person; what is said of that stays */
};

G_DEFINE_FINAL_TYPE (AcSubmissionDetails, ac_submission_details, ADW_TYPE_WINDOW)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
add (AcSubmissionDetails *self, const char *label, const char *value)
{
  if (value != NULL && *value != '\0')
    ac_fact_row_append (self->facts, label, value);
}

static void
add_time (AcSubmissionDetails *self, const char *label, gint64 time)
{
  g_autofree char *text = ac_time_text_full (time);

  add (self, label, text);
}

static void
add_entry (AcSubmissionDetails *self)
{
  AcSubmission *submission = self->submission;
  const char *entry = ac_submission_get_entry (submission);

  if (entry == NULL)
    return;
  add (self, _ ("Entry"), ac_vocabulary_label (AC_VOCABULARY_LIST_ENTRY, entry));
  if (ac_submission_get_entry_expires_at (submission) == AC_TIME_NONE)
    add (self, _ ("Until"), _ ("It never ends"));
  else
    add_time (self, _ ("Until"), ac_submission_get_entry_expires_at (submission));
  add (self, _ ("What it does now"), ac_submission_get_entry_note (submission));
}

static void
add_result (AcSubmissionDetails *self)
{
  AcSubmission *submission = self->submission;

  add (self, _ ("Result"),
       ac_vocabulary_label (AC_VOCABULARY_SUBMISSION_STATE, ac_submission_get_state (submission)));
  add (self, _ ("Answered by"), ac_submission_get_result_by (submission));
  add_time (self, _ ("Answered"), ac_submission_get_result_at (submission));
  add (self, _ ("Answer"), ac_submission_get_result_comment (submission));
}

static void
show (AcSubmissionDetails *self)
{
  AcSubmission *submission = self->submission;
  AcEntity *entity = ac_submission_get_entity (submission);
  const AcMe *me = ac_session_get_me (self->session);
  GtkWidget *row;

  /* The keyboard must not be in what is taken away. */
  if (gtk_widget_get_focus_child (GTK_WIDGET (self->facts)) != NULL)
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->facts))) != NULL)
    gtk_box_remove (self->facts, row);
  add (self, ac_vocabulary_label (AC_VOCABULARY_ENTITY_TYPE, ac_entity_get_entity_type (entity)),
       ac_entity_get_summary (entity));
  add (self, _ ("Message-ID"), ac_entity_get_string (entity, "messageId"));
  add (self, _ ("Mailbox"), ac_submission_get_mailbox (submission));
  add (self, _ ("Reported as"),
       ac_vocabulary_label (AC_VOCABULARY_ASSESSMENT, ac_submission_get_assessment (submission)));
  add (self, _ ("Category"),
       ac_vocabulary_label (AC_VOCABULARY_THREAT, ac_submission_get_category (submission)));
  add (self, _ ("Comment"), ac_submission_get_comment (submission));
  add (self, _ ("Reported by"), ac_submission_get_submitted_by (submission));
  add_time (self, _ ("Reported"), ac_submission_get_created_at (submission));
  add_entry (self);
  add_result (self);
  gtk_widget_set_visible (self->judge, me != NULL && ac_me_may (me, AC_PERMISSION_JUDGE));
  gtk_widget_set_visible (self->show, ac_submission_get_block_action_id (submission) != NULL);
}

static void
set_busy (AcSubmissionDetails *self, gboolean busy)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "submission.agree", !busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "submission.disagree", !busy);
}

static void
fail (AcSubmissionDetails *self, const char *text)
{
  gtk_label_set_text (self->error, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), text != NULL);
  if (text != NULL)
    ac_compat_announce (GTK_WIDGET (self), text);
}

/* Also what its entry does now, which no version of the submission tells. */
static gboolean
is_same (AcSubmission *one, AcSubmission *other)
{
  g_autoptr (JsonObject) one_json = ac_submission_to_json (one);
  g_autoptr (JsonObject) other_json = ac_submission_to_json (other);

  return json_object_equal (one_json, other_json);
}

/* Whoever reads or copies a fact is not disturbed by what says the same. */
static void
take (AcSubmissionDetails *self, AcSubmission *submission)
{
  if (is_same (submission, self->submission))
    return;
  g_set_object (&self->submission, submission);
  show (self);
}

/* One question, which may be given up. */
typedef struct
{
  AcSubmissionDetails *details; /* owned */
  GCancellable *cancellable;
} Question;

static void
question_free (Question *question)
{
  g_object_unref (question->details);
  g_object_unref (question->cancellable);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void load (AcSubmissionDetails *self);

static void
loaded_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  AcSubmissionDetails *self = question->details;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcSubmission) submission =
      ac_api_submission_finish (AC_API (source_object), result, &error);

  /* An answer may come all the same. */
  if (g_cancellable_is_cancelled (question->cancellable))
    return;
  g_clear_object (&self->loading);
  if (submission != NULL)
    take (self, submission);
  if (!self->was_refused)
    fail (self, error != NULL ? error->message : NULL);
  if (self->is_stale)
    load (self);
}

/* Somebody else may just have answered it. What is being typed stays. One question at a time, so that
 * no answer is overtaken by one that is older. */
static void
load (AcSubmissionDetails *self)
{
  AcApi *api = ac_session_get_api (self->session);
  Question *question;

  self->is_stale = self->loading != NULL;
  if (api == NULL || self->loading != NULL)
    return;
  self->loading = g_cancellable_new ();
  question = g_new0 (Question, 1);
  question->details = g_object_ref (self);
  question->cancellable = g_object_ref (self->loading);
  ac_api_get_submission_async (api, ac_submission_get_id (self->submission), self->loading,
                               loaded_cb, question);
}

/* Of what was asked before. */
static void
stop_loading (AcSubmissionDetails *self)
{
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
}

static void
judged_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcSubmissionDetails) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcSubmission) submission =
      ac_api_submission_finish (AC_API (source_object), result, &error);

  /* The window was closed; what was answered stands. */
  if (self->session == NULL)
    return;
  set_busy (self, FALSE);
  self->was_refused = error != NULL;
  fail (self, error != NULL ? error->message : NULL);
  if (submission == NULL)
    return;
  take (self, submission);
  /* What is under way may have been answered before; and somebody may have been quicker still. */
  stop_loading (self);
  load (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
judge (AcSubmissionDetails *self, AcSubmissionState state)
{
  AcApi *api = ac_session_get_api (self->session);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->answer));

  if (api == NULL)
    {
      self->was_refused = TRUE;
      fail (self, _ ("There is no connection to the service. Connect, then try again."));
      return;
    }
  set_busy (self, TRUE);
  ac_api_judge_async (api, ac_submission_get_id (self->submission),
                      ac_vocabulary_wire (AC_VOCABULARY_SUBMISSION_STATE, (int)state),
                      *text != '\0' ? text : NULL, self->cancellable, judged_cb,
                      g_object_ref (self));
}

static void
agree_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  judge (AC_SUBMISSION_DETAILS (widget), AC_SUBMISSION_STATE_AGREED);
}

static void
disagree_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  judge (AC_SUBMISSION_DETAILS (widget), AC_SUBMISSION_STATE_DISAGREED);
}

static void
show_action_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcSubmissionDetails *self = AC_SUBMISSION_DETAILS (widget);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.show-action", "s",
                                ac_submission_get_block_action_id (self->submission));
  gtk_window_close (GTK_WINDOW (self));
}

static void
ac_submission_details_dispose (GObject *object)
{
  AcSubmissionDetails *self = AC_SUBMISSION_DETAILS (object);

  stop_loading (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_object (&self->submission);
  G_OBJECT_CLASS (ac_submission_details_parent_class)->dispose (object);
}

static void
ac_submission_details_class_init (AcSubmissionDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_submission_details_dispose;
  signals[CHANGED] = g_signal_new ("changed", AC_TYPE_SUBMISSION_DETAILS, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-submission-details.ui");
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionDetails, facts);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionDetails, judge);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionDetails, answer);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionDetails, error);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionDetails, show);
  gtk_widget_class_install_action (widget_class, "submission.agree", NULL, agree_action);
  gtk_widget_class_install_action (widget_class, "submission.disagree", NULL, disagree_action);
  gtk_widget_class_install_action (widget_class, "submission.show-action", NULL,
                                   show_action_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ac_submission_details_init (AcSubmissionDetails *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_submission_details_new:
 * @parent: what it stands over
 * @submission: as a list has it; what its entry does now is asked for
 *
 * "changed" is emitted when an administrator has answered.
 *
 * Returns: (transfer none): GTK holds it until it is closed.
 */
GtkWindow *
ac_submission_details_new (GtkWindow *parent, AcSession *session, AcSubmission *submission)
{
  AcSubmissionDetails *self =
      g_object_new (AC_TYPE_SUBMISSION_DETAILS, "transient-for", parent, NULL);
  AcApi *api = ac_session_get_api (session);

  self->session = g_object_ref (session);
  self->submission = g_object_ref (submission);
  show (self);
  load (self);
  if (api != NULL)
    g_signal_connect_object (api, "submissions-changed", G_CALLBACK (load), self,
                             G_CONNECT_SWAPPED);
  return GTK_WINDOW (self);
}
