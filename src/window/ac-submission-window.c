/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/ac-explorer-api.h"
#include "model/ac-time.h"
#include "window/ac-accessible.h"
#include "window/ac-compat.h"
#include "window/ac-submission-window.h"
#include "window/ac-ui.h"

#define SHA256_DIGITS 64

/* In the order of the lists. */
static const guint allow_days[] = { 1, 7, 30 };
static const guint block_days[] = { 30, 90, 0 }; /* 0: never */

enum
{
  KIND_URL,
  KIND_MESSAGE,
  KIND_FILE,
};

struct _AcSubmissionWindow
{
  AdwWindow parent_instance;

  GtkLabel *subject;
  GtkWidget *subject_box;
  GtkDropDown *kind;
  GtkLabel *value_label;
  GtkEntry *value;
  GtkCheckButton *clean;
  GtkCheckButton *unsure;
  GtkCheckButton *threat;
  GtkDropDown *category;
  GtkEntry *comment;
  GtkCheckButton *entry;
  GtkWidget *expiry;
  GtkDropDown *allow_days;
  GtkDropDown *block_days;
  GtkLabel *entry_note;
  GtkLabel *error;
  GtkSpinner *spinner;
  GtkWidget *cancel;
  GtkWidget *send;

  AcSession *session;
  AcEntity *given;     /* nullable: the person says what it is about */
  char *action_id;     /* nullable */
  char *mailbox;       /* nullable */
  char *key;           /* nullable: the Idempotency-Key of what was sent last */
  char *sent;          /* nullable: that, but for the end of an entry, as text */
  JsonObject *request; /* nullable: that, as it was sent */
  GCancellable *cancellable;
  guint asked; /* bits: which questions are in sight */
  gboolean is_sending;
};

G_DEFINE_FINAL_TYPE (AcSubmissionWindow, ac_submission_window, ADW_TYPE_WINDOW)

enum
{
  SUBMITTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void update (AcSubmissionWindow *self);

static char *
get_text (GtkEntry *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
}

static void
set_line (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

static gboolean
is_active (GtkCheckButton *button)
{
  return gtk_check_button_get_active (button);
}

static gboolean
is_url (AcSubmissionWindow *self)
{
  if (self->given == NULL)
    return gtk_drop_down_get_selected (self->kind) == KIND_URL;
  return ac_entity_type_parse (ac_entity_get_entity_type (self->given)) == AC_ENTITY_TYPE_URL;
}

/* What the entry asks for, by what it is about. */
static void
update_value_label (AcSubmissionWindow *self)
{
  guint kind = gtk_drop_down_get_selected (self->kind);
  const char *text = kind == KIND_MESSAGE ? _ ("_Message-ID")
                     : kind == KIND_FILE  ? _ ("_SHA-256 of the file")
                                          : _ ("_Link");
  const char *example = kind == KIND_MESSAGE ? "<…@example.com>"
                        : kind == KIND_FILE  ? "e3b0c44298fc1c14…"
                                             : "https://…";

  if (g_strcmp0 (gtk_label_get_label (self->value_label), text) == 0)
    return;
  gtk_label_set_label (self->value_label, text);
  gtk_entry_set_placeholder_text (self->value, example);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->value), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_text (self->value_label), -1);
}

static gboolean
offers_entry (AcSubmissionWindow *self)
{
  return is_url (self) && !is_active (self->unsure);
}

static const char *
note_of_entry (AcSubmissionWindow *self)
{
  const AcMe *me = ac_session_get_me (self->session);

  if (is_active (self->clean))
    return _ ("A block wins over an allowance: a link that is blocked stays blocked until that "
              "action is undone.");
  if (me != NULL && !me->second_person &&
      ac_me_may_decide (me, ac_action_type_wire (AC_ACTION_TYPE_BLOCK_URL)))
    return _ ("The web proxies refuse the link at once. Undo of the action lets it through again.");
  return _ ("The block waits under Pending for somebody who may approve it.");
}

static void
update (AcSubmissionWindow *self)
{
  g_autofree char *value = NULL;
  gboolean has_entry;
  guint asked;
  int width, height;

  /* Not whole yet. */
  if (self->session == NULL)
    return;
  value = get_text (self->value);
  update_value_label (self);
  gtk_widget_set_visible (GTK_WIDGET (self->category), is_active (self->threat));
  gtk_widget_set_visible (GTK_WIDGET (self->entry), offers_entry (self));
  gtk_check_button_set_label (self->entry, is_active (self->clean) ? _ ("Allow the link")
                                                                   : _ ("Block the link"));
  has_entry = offers_entry (self) && is_active (self->entry);
  gtk_widget_set_visible (self->expiry, has_entry);
  gtk_widget_set_visible (GTK_WIDGET (self->allow_days), is_active (self->clean));
  gtk_widget_set_visible (GTK_WIDGET (self->block_days), is_active (self->threat));
  set_line (self->entry_note, has_entry ? note_of_entry (self) : NULL);
  gtk_spinner_set_spinning (self->spinner, self->is_sending);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->is_sending);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "submission.send",
                                 !self->is_sending && (self->given != NULL || *value != '\0'));
  /* The window grows by what comes to be asked, for nobody looks for it further down; otherwise it is as
   * high as the person wants it. */
  asked = (guint)is_active (self->threat) | (guint)offers_entry (self) << 1 | (guint)has_entry << 2;
  if (asked == self->asked)
    return;
  self->asked = asked;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, -1);
}

/* What the person has entered; NULL with words. */
static JsonObject *
make_entity (AcSubmissionWindow *self, const char **wrong)
{
  g_autofree char *value = get_text (self->value);
  g_autoptr (JsonObject) object = NULL;
  AcEntityType type = AC_ENTITY_TYPE_URL;
  const char *member = "url";

  if (self->given != NULL)
    return ac_entity_to_json (self->given);
  if (gtk_drop_down_get_selected (self->kind) == KIND_MESSAGE)
    {
      type = AC_ENTITY_TYPE_EMAIL_MESSAGE;
      member = "messageId";
    }
  else if (gtk_drop_down_get_selected (self->kind) == KIND_FILE)
    {
      type = AC_ENTITY_TYPE_FILE;
      member = "sha256";
      if (strlen (value) != SHA256_DIGITS ||
          strspn (value, "0123456789abcdefABCDEF") != SHA256_DIGITS)
        {
          *wrong = _ ("A file is named by its SHA-256, which has 64 hexadecimal digits.");
          return NULL;
        }
    }
  object = json_object_new ();
  ac_json_set_string (object, "type", ac_entity_type_wire (type));
  ac_json_set_string (object, member, value);
  /* A file that is known by its contents only is wherever they are. */
  if (type == AC_ENTITY_TYPE_FILE)
    ac_json_set_string (object, "path", value);
  return g_steal_pointer (&object);
}

static void
set_entry (AcSubmissionWindow *self, JsonObject *request)
{
  gboolean allows = is_active (self->clean);
  guint selected = gtk_drop_down_get_selected (allows ? self->allow_days : self->block_days);
  guint days = allows ? allow_days[MIN (selected, G_N_ELEMENTS (allow_days) - 1)]
                      : block_days[MIN (selected, G_N_ELEMENTS (block_days) - 1)];

  if (!offers_entry (self) || !is_active (self->entry))
    return;
  ac_json_set_string (request, "entry",
                      ac_vocabulary_wire (AC_VOCABULARY_LIST_ENTRY,
                                          allows ? AC_LIST_ENTRY_ALLOW : AC_LIST_ENTRY_BLOCK));
  if (days > 0)
    ac_json_set_time (request, "entryExpiresAt", ac_time_now () + (gint64)days * G_TIME_SPAN_DAY);
  else
    json_object_set_boolean_member (request, "entryNeverExpires", TRUE);
}

static JsonObject *
make_request (AcSubmissionWindow *self, const char **wrong)
{
  static const AcThreat threats[] = { AC_THREAT_PHISH, AC_THREAT_MALWARE, AC_THREAT_SPAM };
  AcAssessment assessment = is_active (self->clean)    ? AC_ASSESSMENT_CLEAN
                            : is_active (self->unsure) ? AC_ASSESSMENT_UNSURE
                                                       : AC_ASSESSMENT_THREAT;
  guint category = gtk_drop_down_get_selected (self->category);
  g_autofree char *comment = get_text (self->comment);
  JsonObject *entity = make_entity (self, wrong);
  JsonObject *request;

  if (entity == NULL)
    return NULL;
  request = json_object_new ();
  json_object_set_object_member (request, "entity", entity);
  ac_json_set_string (request, "actionId", self->action_id);
  ac_json_set_string (request, "mailbox", self->mailbox);
  ac_json_set_string (request, "assessment",
                      ac_vocabulary_wire (AC_VOCABULARY_ASSESSMENT, (int)assessment));
  if (assessment == AC_ASSESSMENT_THREAT)
    ac_json_set_string (
        request, "category",
        ac_vocabulary_wire (AC_VOCABULARY_THREAT,
                            (int)threats[MIN (category, G_N_ELEMENTS (threats) - 1)]));
  if (*comment != '\0')
    ac_json_set_string (request, "comment", comment);
  set_entry (self, request);
  return request;
}

static void
fail (AcSubmissionWindow *self, const char *text)
{
  set_line (self->error, text);
  ac_compat_announce (GTK_WIDGET (self), text);
}

static void
sent_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcSubmissionWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcSubmission) submission =
      ac_api_submission_finish (AC_API (source_object), result, &error);
  GtkWindow *parent;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->is_sending = FALSE;
  update (self);
  if (submission == NULL)
    {
      fail (self, error->message);
      return;
    }
  g_signal_emit (self, signals[SUBMITTED], 0, submission);
  /* What it was reported from looks as it did before. */
  parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  if (parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.say", "s",
                                _ ("Reported. The answer will stand under Submissions."));
  gtk_window_close (GTK_WINDOW (self));
}

/* Where the answer was lost, the same is sent again with the same key, and reported once. What was
 * changed meanwhile is another request. */
static void
keep (AcSubmissionWindow *self, JsonObject *request)
{
  gint64 end = ac_json_get_time (request, "entryExpiresAt");
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), request);
  g_autofree char *rest = NULL;
  g_autofree char *text = NULL;

  /* It is counted from now on each time, so the choice stands for it. */
  if (end != AC_TIME_NONE)
    json_object_remove_member (request, "entryExpiresAt");
  rest = ac_json_canonical (node);
  text = g_strdup_printf ("%s %u %u", rest, gtk_drop_down_get_selected (self->allow_days),
                          gtk_drop_down_get_selected (self->block_days));
  ac_json_set_time (request, "entryExpiresAt", end);
  if (g_strcmp0 (text, self->sent) == 0)
    return;
  g_clear_pointer (&self->request, json_object_unref);
  self->request = json_object_ref (request);
  g_free (self->sent);
  self->sent = g_steal_pointer (&text);
  g_free (self->key);
  self->key = g_uuid_string_random ();
}

static void
send_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcSubmissionWindow *self = AC_SUBMISSION_WINDOW (widget);
  AcApi *api = ac_session_get_api (self->session);
  const char *wrong = NULL;
  g_autoptr (JsonObject) request = make_request (self, &wrong);

  set_line (self->error, NULL);
  if (api == NULL)
    wrong = _ ("There is no connection to the service. Connect, then try again.");
  if (wrong != NULL)
    {
      fail (self, wrong);
      return;
    }
  keep (self, request);
  self->is_sending = TRUE;
  update (self);
  ac_api_submit_async (api, self->request, self->key, self->cancellable, sent_cb,
                       g_object_ref (self));
}

static void
ac_submission_window_dispose (GObject *object)
{
  AcSubmissionWindow *self = AC_SUBMISSION_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_object (&self->given);
  g_clear_pointer (&self->action_id, g_free);
  g_clear_pointer (&self->mailbox, g_free);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->sent, g_free);
  g_clear_pointer (&self->request, json_object_unref);
  G_OBJECT_CLASS (ac_submission_window_parent_class)->dispose (object);
}

static void
ac_submission_window_class_init (AcSubmissionWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_submission_window_dispose;
  signals[SUBMITTED] = g_signal_new ("submitted", AC_TYPE_SUBMISSION_WINDOW, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, AC_TYPE_SUBMISSION);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-submission-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, subject);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, subject_box);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, kind);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, value_label);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, value);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, clean);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, unsure);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, threat);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, category);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, comment);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, entry);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, expiry);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, allow_days);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, block_days);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, entry_note);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, error);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, cancel);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionWindow, send);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_install_action (widget_class, "submission.send", NULL, send_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ac_submission_window_init (AcSubmissionWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  ac_accessible_name_choice (GTK_WIDGET (self->kind), _ ("What it is about"));
  ac_accessible_name_choice (GTK_WIDGET (self->category), _ ("Category of the threat"));
  ac_accessible_name_choice (GTK_WIDGET (self->allow_days), _ ("The allowance ends"));
  ac_accessible_name_choice (GTK_WIDGET (self->block_days), _ ("The block ends"));
}

/**
 * ac_submission_window_new:
 * @parent: what it stands over
 * @entity: (nullable): what it is about; %NULL: the person says it
 * @action_id: (nullable): the action that it is about
 * @mailbox: (nullable): where it was found
 *
 * "submitted" is emitted with what the service has made of it, before it closes.
 *
 * Returns: (transfer none): GTK holds it until it is closed.
 */
GtkWindow *
ac_submission_window_new (GtkWindow *parent,
                          AcSession *session,
                          AcEntity *entity,
                          const char *action_id,
                          const char *mailbox)
{
  AcSubmissionWindow *self =
      g_object_new (AC_TYPE_SUBMISSION_WINDOW, "transient-for", parent, NULL);

  g_set_object (&self->given, entity);
  self->action_id = g_strdup (action_id);
  self->mailbox = g_strdup (mailbox);
  set_line (self->subject, entity != NULL ? ac_entity_get_summary (entity) : NULL);
  gtk_widget_set_visible (self->subject_box, entity == NULL);
  gtk_check_button_set_active (self->threat, TRUE);
  self->session = g_object_ref (session);
  update (self);
  /* Otherwise what it is about would have the focus, all of it selected. */
  gtk_window_set_focus (GTK_WINDOW (self),
                        GTK_WIDGET (entity != NULL ? (gpointer)self->threat : (gpointer)self->value));
  return GTK_WINDOW (self);
}
