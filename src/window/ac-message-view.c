/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-fact-row.h"
#include "window/ac-message-view.h"
#include "window/ac-ui.h"

/* Header fields that nobody needs to judge a message are many; these stand first. */
static const char *const first_headers[] = { "From", "To", "Subject", "Date", NULL };

struct _AcMessageView
{
  GtkWidget parent_instance;

  GtkBox *box;
  GtkLabel *heading;
  GtkWidget *show; /* what is in quarantine; before, the button stands where there is more room */
  GtkLabel *error;
  GtkBox *message;
  GtkBox *facts;
  GtkLabel *note;
  GtkTextBuffer *text;

  AcApi *api;       /* nullable: whoever sits here may not look, or there is no connection */
  AcAction *action; /* nullable */
  GCancellable *cancellable;
  gboolean asked; /* somebody has asked for this message */
};

G_DEFINE_FINAL_TYPE (AcMessageView, ac_message_view, GTK_TYPE_WIDGET)

static gboolean
is_in_quarantine (AcAction *action)
{
  AcActionType type = ac_action_type_parse (ac_action_get_action_type (action));

  return (type == AC_ACTION_TYPE_QUARANTINE_EMAIL ||
          type == AC_ACTION_TYPE_QUARANTINE_ATTACHMENT) &&
         ac_action_may (action, AC_DECISION_UNDO);
}

/* What it is called: to be read before the decision, in the mailbox where it lies, or afterwards where it is
 * kept. NULL: there is nothing to read. */
static const char *
get_heading (AcAction *action)
{
  if (is_in_quarantine (action))
    return _ ("Message in quarantine");
  if (ac_action_get_status_value (action) != AC_STATUS_PENDING)
    return NULL;
  switch (ac_action_type_parse (ac_action_get_action_type (action)))
    {
    case AC_ACTION_TYPE_SOFT_DELETE_EMAIL:
    case AC_ACTION_TYPE_QUARANTINE_EMAIL:
    case AC_ACTION_TYPE_QUARANTINE_ATTACHMENT:
      return _ ("The message");
    case AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER:
      return _ ("One of the messages");
    case AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING:
    case AC_ACTION_TYPE_BLOCK_URL:
    case AC_ACTION_TYPE_QUARANTINE_FILE:
    case AC_ACTION_TYPE_UNKNOWN:
    default:
      return NULL;
    }
}

static void
update (AcMessageView *self)
{
  const char *heading = self->action != NULL ? get_heading (self->action) : NULL;
  gboolean is_kept = self->action != NULL && is_in_quarantine (self->action);

  if (heading != NULL)
    gtk_label_set_text (self->heading, heading);
  gtk_widget_set_visible (self->show, is_kept);
  gtk_widget_set_visible (GTK_WIDGET (self),
                          self->api != NULL && heading != NULL && (is_kept || self->asked));
}

static void
clear (AcMessageView *self)
{
  GtkWidget *child;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->facts))) != NULL)
    gtk_box_remove (self->facts, child);
  self->asked = FALSE;
  gtk_text_buffer_set_text (self->text, "", 0);
  gtk_widget_set_visible (GTK_WIDGET (self->message), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->error), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.show", TRUE);
}

static gboolean
is_first (const AcMessageHeader *header)
{
  for (guint i = 0; first_headers[i] != NULL; i++)
    if (g_ascii_strcasecmp (header->name, first_headers[i]) == 0)
      return TRUE;
  return FALSE;
}

static void
append_attachment (AcMessageView *self, const AcMessageAttachment *one)
{
  g_autofree char *size = g_format_size ((guint64)MAX (one->size, 0));
  g_autofree char *text = g_strdup_printf (
      "%s\n%s, %s\nSHA-256 %s", one->file_name != NULL ? one->file_name : _ ("Without a name"),
      one->media_type, size, one->sha256);

  ac_fact_row_append (self->facts, _ ("Attachment"), text);
}

static void
append_rest_of_headers (AcMessageView *self, const AcMessageText *message)
{
  g_autoptr (GString) rest = g_string_new (NULL);

  for (guint i = 0; i < message->headers->len; i++)
    {
      const AcMessageHeader *header = message->headers->pdata[i];

      if (!is_first (header))
        g_string_append_printf (rest, "%s%s: %s", rest->len > 0 ? "\n" : "", header->name,
                                header->value);
    }
  ac_fact_row_append (self->facts, _ ("Other header fields"), rest->str);
}

static void
show_message (AcMessageView *self, const AcMessageText *message)
{
  g_autoptr (GString) note = g_string_new (NULL);

  ac_fact_row_append (self->facts, _ ("Mailbox"), message->asset);
  for (guint i = 0; i < message->headers->len; i++)
    {
      const AcMessageHeader *header = message->headers->pdata[i];

      if (is_first (header))
        ac_fact_row_append (self->facts, header->name, header->value);
    }
  for (guint i = 0; i < message->attachments->len; i++)
    append_attachment (self, message->attachments->pdata[i]);
  append_rest_of_headers (self, message);
  if (message->is_source)
    g_string_append (note, _ ("The message has no plain text; this is the source of its HTML."));
  if (message->is_cut)
    g_string_append_printf (note, "%s%s", note->len > 0 ? " " : "",
                            _ ("There is more than is shown."));
  gtk_label_set_text (self->note, note->str);
  gtk_widget_set_visible (GTK_WIDGET (self->note), note->len > 0);
  gtk_text_buffer_set_text (self->text, message->text, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->message), TRUE);
}

static void
message_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcMessageView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMessageText) message =
      ac_api_get_message_finish (AC_API (source_object), result, &error);

  /* The answer may have been on its way when something else was chosen. */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.show", TRUE);
  if (message != NULL)
    {
      clear (self);
      self->asked = TRUE;
      show_message (self, message);
      update (self);
      return;
    }
  gtk_label_set_text (self->error, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->error), TRUE);
}

static void
show_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcMessageView *self = AC_MESSAGE_VIEW (widget);

  if (self->api == NULL || self->action == NULL)
    return;
  clear (self);
  self->asked = TRUE;
  update (self);
  gtk_widget_action_set_enabled (widget, "message.show", FALSE);
  self->cancellable = g_cancellable_new ();
  ac_api_get_message_async (self->api, ac_action_get_id (self->action), NULL, self->cancellable,
                            message_cb, g_object_ref (self));
}

static void
ac_message_view_dispose (GObject *object)
{
  AcMessageView *self = AC_MESSAGE_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->api);
  g_clear_object (&self->action);
  g_clear_pointer ((GtkWidget **)&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_message_view_parent_class)->dispose (object);
}

static void
ac_message_view_class_init (AcMessageViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_message_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-message-view.ui");
  gtk_widget_class_bind_template_child (widget_class, AcMessageView, box);
  gtk_widget_class_bind_template_child (widget_class, AcMessageView, heading);
  gtk_widget_class_bind_template_child (widget_class, AcMessageView, show);
  gtk_widget_class_bind_template_child (widget_class, AcMessageView, error);
  gtk_widget_class_bind_template_child (widget_class, AcMessageView, message);
  gtk_widget_class_bind_template_child (widget_class, AcMessageView, facts);
  gtk_widget_class_bind_template_child (widget_class, AcMessageView, note);
  gtk_widget_class_bind_template_child (widget_class, AcMessageView, text);
  gtk_widget_class_install_action (widget_class, "message.show", NULL, show_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ac_message_view_init (AcMessageView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * ac_message_view_set_action:
 * @action: (nullable): whose message; what is shown stays as long as it is the same action
 */
void
ac_message_view_set_action (AcMessageView *self, AcAction *action)
{
  gboolean same;

  g_return_if_fail (AC_IS_MESSAGE_VIEW (self));

  same = action != NULL && self->action != NULL &&
         g_strcmp0 (ac_action_get_id (action), ac_action_get_id (self->action)) == 0;
  g_set_object (&self->action, action);
  if (!same || get_heading (action) == NULL)
    clear (self);
  update (self);
}

/**
 * ac_message_view_set_api:
 * @api: (nullable): whom to ask; %NULL: nobody may look
 */
void
ac_message_view_set_api (AcMessageView *self, AcApi *api)
{
  g_return_if_fail (AC_IS_MESSAGE_VIEW (self));

  if (g_set_object (&self->api, api))
    update (self);
}

/**
 * ac_message_view_can_read:
 *
 * Returns: whether the message can be asked for before the decision about it.
 */
gboolean
ac_message_view_can_read (AcMessageView *self)
{
  g_return_val_if_fail (AC_IS_MESSAGE_VIEW (self), FALSE);

  return self->api != NULL && self->action != NULL && !is_in_quarantine (self->action) &&
         get_heading (self->action) != NULL;
}

/**
 * ac_message_view_read:
 *
 * Asks for the message, and shows it when it comes.
 */
void
ac_message_view_read (AcMessageView *self)
{
  g_return_if_fail (AC_IS_MESSAGE_VIEW (self));

  gtk_widget_activate_action (GTK_WIDGET (self), "message.show", NULL);
}
