/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a responder on tasks from standard input and prints what came of them, so that tests can drive
 * it from outside, kill it, and look at the real system themselves.
 *
 *   responder-driver CONFIG apply|undo ASSET RECEIPTS [OPTION…]
 *
 * Which responder it is, the one group of CONFIG says.
 * Standard input: [{"actionId": …, "entity": {…}, "approved": […]}, …], the last one left out where it
 * is not known. RECEIPTS is the file that stands for the service's database: a JSON object of
 * receipts by action. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/ac-json.h"
#include "responders/ac-device-responder.h"
#include "responders/ac-forwarding-responder.h"
#include "responders/ac-mail-responder.h"
#include "responders/ac-quarantine-responder.h"
#include "responders/ac-url-responder.h"

static int die_before;
static int die_after;
static int fail_at;
static int cancel_at;
static char *type_name;

static const GOptionEntry options[] = {
  { "die-before", 0, 0, G_OPTION_ARG_INT, &die_before, "Be killed before the nth receipts", "N" },
  { "die-after", 0, 0, G_OPTION_ARG_INT, &die_after, "Be killed after the nth receipts", "N" },
  { "fail-at", 0, 0, G_OPTION_ARG_INT, &fail_at, "Refuse to write the nth receipts", "N" },
  { "cancel-at", 0, 0, G_OPTION_ARG_INT, &cancel_at, "Cancel after the nth receipts", "N" },
  { "type", 0, 0, G_OPTION_ARG_STRING, &type_name, "Which of the mail actions", "TYPE" },
  G_OPTION_ENTRY_NULL,
};

typedef struct
{
  const char *path;
  JsonObject *receipts; /* by action */
  GCancellable *cancellable;
  int n_writes;
} Disk;

static void
die (const char *what, const GError *error)
{
  fprintf (stderr, "%s%s%s\n", what, error != NULL ? ": " : "",
           error != NULL ? error->message : "");
  exit (2);
}

static JsonNode *
parse (const char *text, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  g_autoptr (GError) error = NULL;
  JsonNode *node = ac_json_parse (bytes, &error);

  if (node == NULL)
    die ("No usable JSON", error);
  return node;
}

static gboolean
write_receipts_cb (GPtrArray *tasks, gpointer user_data, GError **error)
{
  Disk *disk = user_data;
  g_autoptr (GBytes) bytes = NULL;

  disk->n_writes++;
  if (disk->n_writes == die_before)
    kill (getpid (), SIGKILL);
  if (disk->n_writes == fail_at)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The disk is full.");
      return FALSE;
    }
  for (guint i = 0; i < tasks->len; i++)
    {
      const AcTask *task = tasks->pdata[i];
      g_autoptr (GBytes) text = ac_json_object_to_bytes (task->receipt);
      g_autoptr (JsonNode) copy =
          parse (g_bytes_get_data (text, NULL), g_bytes_get_size (text));

      json_object_set_member (disk->receipts, task->action_id, g_steal_pointer (&copy));
    }
  bytes = ac_json_object_to_bytes (disk->receipts);
  if (!g_file_set_contents_full (disk->path, g_bytes_get_data (bytes, NULL),
                                 (gssize)g_bytes_get_size (bytes), G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                 error))
    return FALSE;
  if (disk->n_writes == die_after)
    kill (getpid (), SIGKILL);
  if (disk->n_writes == cancel_at)
    g_cancellable_cancel (disk->cancellable);
  return TRUE;
}

static void
read_disk (Disk *disk)
{
  g_autofree char *text = NULL;
  gsize length;

  if (g_file_get_contents (disk->path, &text, &length, NULL))
    {
      g_autoptr (JsonNode) node = parse (text, length);

      disk->receipts = json_object_ref (json_node_get_object (node));
    }
  else
    disk->receipts = json_object_new ();
}

static char *
read_input (gsize *length)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[65536];
  size_t n;

  while ((n = fread (buffer, 1, sizeof buffer, stdin)) > 0)
    g_string_append_len (text, buffer, (gssize)n);
  *length = text->len;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GPtrArray *
read_tasks (const char *asset, const Disk *disk)
{
  GPtrArray *tasks = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_task_free);
  gsize length;
  g_autofree char *text = read_input (&length);
  g_autoptr (JsonNode) node = parse (text, length);
  JsonArray *array = json_node_get_array (node);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);
      const char *id = ac_json_get_string (object, "actionId");
      g_autoptr (GError) error = NULL;
      g_autoptr (AcEntity) entity = ac_entity_new_from_json (
          ac_json_get_object (object, "entity"), AC_JSON_LENIENT, "entity", &error);
      AcTask *task;

      if (entity == NULL)
        die ("No entity", error);
      task = ac_task_new (id, entity, asset, ac_json_get_object (disk->receipts, id));
      if (ac_json_get_array (object, "approved") != NULL)
        task->approved = ac_json_get_strings (object, "approved");
      g_ptr_array_add (tasks, task);
    }
  return tasks;
}

static void
print_results (GPtrArray *tasks)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), NULL);
  JsonArray *results = json_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < tasks->len; i++)
    {
      const AcTask *task = tasks->pdata[i];
      JsonObject *result = json_object_new ();

      ac_json_set_string (result, "actionId", task->action_id);
      if (task->outcome != AC_OUTCOME_UNKNOWN)
        ac_json_set_string (result, "outcome", ac_outcome_wire (task->outcome));
      if (task->detail != NULL)
        ac_json_set_string (result, "detail", task->detail);
      json_object_set_boolean_member (result, "transient", task->transient);
      json_object_set_boolean_member (result, "didPart", task->did_part);
      json_array_add_object_element (results, result);
    }
  json_node_take_array (node, results);
  bytes = ac_json_to_bytes (node);
  fwrite (g_bytes_get_data (bytes, NULL), 1, g_bytes_get_size (bytes), stdout);
}

static AcResponder *
make_responder (GKeyFile *config, AcActionType *type, GError **error)
{
  if (g_key_file_has_group (config, "forwarding"))
    {
      *type = AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING;
      return (AcResponder *)ac_forwarding_responder_new (config, error);
    }
  if (g_key_file_has_group (config, "device"))
    {
      *type = AC_ACTION_TYPE_QUARANTINE_FILE;
      return (AcResponder *)ac_device_responder_new (config, error);
    }
  if (g_key_file_has_group (config, "url"))
    {
      *type = AC_ACTION_TYPE_BLOCK_URL;
      return (AcResponder *)ac_url_responder_new (config, error);
    }
  *type = type_name != NULL ? ac_action_type_parse (type_name) : AC_ACTION_TYPE_SOFT_DELETE_EMAIL;
  if (*type == AC_ACTION_TYPE_QUARANTINE_EMAIL || *type == AC_ACTION_TYPE_QUARANTINE_ATTACHMENT)
    return (AcResponder *)ac_quarantine_responder_new (config, error);
  return (AcResponder *)ac_mail_responder_new (config, error);
}

/* What a responder tells those who read the service's log is not a complaint. */
static GLogWriterOutput
write_log_cb (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  return level == G_LOG_LEVEL_MESSAGE ? G_LOG_WRITER_HANDLED
                                      : g_log_writer_default (level, fields, n_fields, user_data);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GKeyFile) key_file = g_key_file_new ();
  g_autoptr (AcResponder) responder = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) tasks = NULL;
  g_autoptr (GError) error = NULL;
  AcActionType type;
  Disk disk = { 0 };

  /* As the service has it: a file that has reached its largest size is like a full disk. */
  signal (SIGXFSZ, SIG_IGN);
  g_log_set_writer_func (write_log_cb, NULL, NULL);
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 5)
    die ("usage: responder-driver CONFIG apply|undo ASSET RECEIPTS", error);
  if (!g_key_file_load_from_file (key_file, argv[1], G_KEY_FILE_NONE, &error) ||
      (responder = make_responder (key_file, &type, &error)) == NULL)
    die ("No responder", error);
  disk.path = argv[4];
  disk.cancellable = cancellable;
  read_disk (&disk);
  tasks = read_tasks (argv[3], &disk);
  ac_responder_run (responder, type,
                    g_str_equal (argv[2], "undo") ? AC_DIRECTION_UNDO : AC_DIRECTION_APPLY, argv[3],
                    tasks, write_receipts_cb, &disk, cancellable);
  print_results (tasks);
  json_object_unref (disk.receipts);
  return 0;
}
