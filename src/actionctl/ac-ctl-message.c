/* SPDX-License-Identifier: GPL-3.0-or-later */
/* actionctl message: the message that an action is about, as text that cannot act on the terminal either. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "actionctl/ac-ctl.h"

static char *mailbox;

static const GOptionEntry options[] = {
  { "mailbox", 0, 0, G_OPTION_ARG_STRING, &mailbox,
    N_ ("Of which mailbox of the action; the first one otherwise"), N_ ("MAILBOX") },
  { NULL },
};

static void
print_message (const AcMessageText *message)
{
  g_auto (GStrv) lines = g_strsplit (message->text, "\n", -1);

  for (guint i = 0; i < message->headers->len; i++)
    {
      const AcMessageHeader *header = message->headers->pdata[i];
      g_autofree char *name = ac_ctl_safe_text (header->name);
      g_autofree char *value = ac_ctl_safe_text (header->value);

      g_print ("%s: %s\n", name, value);
    }
  g_print ("\n");
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *line = ac_ctl_safe_text (lines[i]);

      g_print ("%s\n", line);
    }
  for (guint i = 0; i < message->attachments->len; i++)
    {
      const AcMessageAttachment *one = message->attachments->pdata[i];
      g_autofree char *name =
          ac_ctl_safe_text (one->file_name != NULL ? one->file_name : _ ("without a name"));
      g_autofree char *type = ac_ctl_safe_text (one->media_type);
      g_autofree char *size = g_format_size ((guint64)MAX (one->size, 0));

      g_print ("%s: %s, %s, %s, SHA-256 %s\n", _ ("Attachment"), name, type, size, one->sha256);
    }
  if (message->is_cut)
    g_print ("%s\n", _ ("There is more than is shown."));
}

static AcCtlExit
show_message (AcCtl *ctl, const char *const *arguments)
{
  g_autoptr (AcMessageText) message = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *answer = NULL;

  if (arguments[0] == NULL || arguments[1] != NULL)
    {
      ac_ctl_complain ("%s", _ ("Name one action."));
      return AC_CTL_USAGE;
    }
  ac_api_get_message_async (ctl->api, arguments[0], mailbox, NULL, ac_ctl_answer_cb, &answer);
  result = ac_ctl_wait (&answer);
  message = ac_api_get_message_finish (ctl->api, result, &error);
  if (message == NULL)
    {
      ac_ctl_complain ("%s", error->message);
      return AC_CTL_FAILED;
    }
  if (ctl->json)
    ac_ctl_print_json (message->json);
  else
    print_message (message);
  return AC_CTL_DONE;
}

const AcCtlCommand ac_ctl_message = {
  .name = "message",
  .arguments = N_ ("ID"),
  .summary = N_ ("Show the message that an action is about as text"),
  .options = options,
  .run = show_message,
};
