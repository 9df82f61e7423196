/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-between-frames.h"
#include "window/ac-filter-popover.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcFilterPopover
{
  GtkPopover parent_instance;

  GtkStack *stack;
  GtkListBox *fields;
  GtkWidget *clear_all;
  GtkWidget *fields_page;
  GtkWidget *values_page;
  GtkButton *back;
  GtkLabel *title;
  GtkWidget *clear;
  GtkSearchEntry *search;
  GtkListBox *values;
  GtkLabel *note;

  AcActionTab *tab; /* owned */
  AcFilter filter;  /* whose values are shown */
  GStrv wanted;     /* nullable: those that it is to have soon */
  AcBetweenFrames *applying;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (AcFilterPopover, ac_filter_popover, GTK_TYPE_POPOVER)

/* In the order in which they are offered. */
static const struct
{
  AcFilter filter;
  const char *title;
} filters[] = {
  { AC_FILTER_TYPE, N_ ("Action type") },      { AC_FILTER_STATUS, N_ ("Status") },
  { AC_FILTER_VERDICT, N_ ("Verdict") },       { AC_FILTER_ENTITY_TYPE, N_ ("Entity type") },
  { AC_FILTER_ASSET, N_ ("Asset") },           { AC_FILTER_SOURCE, N_ ("Action source") },
  { AC_FILTER_DECISION, N_ ("Decision") },     { AC_FILTER_DECIDED_BY, N_ ("Decided by") },
  { AC_FILTER_UNDO_STATE, N_ ("Undo") },       { AC_FILTER_INVESTIGATION, N_ ("Investigation ID") },
  { AC_FILTER_OPERATION, N_ ("Approval ID") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (filters) == AC_N_FILTERS);

/**
 * ac_filter_popover_get_title:
 *
 * Returns: (transfer none): what the filter is called.
 */
const char *
ac_filter_popover_get_title (AcFilter filter)
{
  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
    if (filters[i].filter == filter)
      return _ (filters[i].title);
  return ac_filter_wire (filter);
}

/* Under Pending nothing has a decision yet. */
static gboolean
is_offered (AcFilterPopover *self, AcFilter filter)
{
  if (ac_action_tab_get_tab (self->tab) != AC_TAB_PENDING)
    return TRUE;
  return filter != AC_FILTER_STATUS && filter != AC_FILTER_DECISION &&
         filter != AC_FILTER_DECIDED_BY && filter != AC_FILTER_UNDO_STATE &&
         filter != AC_FILTER_OPERATION;
}

/* NULL: any value will do. */
static const char *const *
get_chosen (AcFilterPopover *self, AcFilter filter)
{
  if (self->wanted != NULL && filter == self->filter)
    return *self->wanted != NULL ? (const char *const *)self->wanted : NULL;
  return ac_action_query_get_filter (ac_action_tab_get_query (self->tab), filter);
}

/* Has the list show what was ticked. */
static void
apply (AcFilterPopover *self)
{
  g_auto (GStrv) wanted = g_steal_pointer (&self->wanted);

  if (wanted != NULL && self->tab != NULL)
    ac_action_tab_set_filter (self->tab, self->filter, (const char *const *)wanted);
}

static gboolean
apply_step (GtkWidget *widget)
{
  apply (AC_FILTER_POPOVER (widget));
  return FALSE;
}

static void
clear_list (GtkListBox *list)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

/* --- the members --- */

static GtkWidget *
new_field_row (AcFilterPopover *self, AcFilter filter)
{
  const char *const *chosen = get_chosen (self, filter);
  guint n = chosen != NULL ? g_strv_length ((GStrv)chosen) : 0;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *title = gtk_label_new (ac_filter_popover_get_title (filter));
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_box_append (GTK_BOX (box), title);
  if (n > 0)
    {
      g_autofree char *number = g_strdup_printf ("%u", n);
      GtkWidget *count = gtk_label_new (number);

      gtk_widget_add_css_class (count, "count");
      gtk_box_append (GTK_BOX (box), count);
    }
  gtk_box_append (GTK_BOX (box), arrow);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data (G_OBJECT (row), "ac-filter", GINT_TO_POINTER (filter));
  return row;
}

static void
show_fields (AcFilterPopover *self)
{
  AcActionQuery *query = ac_action_tab_get_query (self->tab);
  g_autoptr (AcActionQuery) plain = ac_action_query_with_search (query, NULL);

  clear_list (self->fields);
  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
    if (is_offered (self, filters[i].filter))
      gtk_list_box_append (self->fields, new_field_row (self, filters[i].filter));
  gtk_widget_set_sensitive (self->clear_all, ac_action_query_has_filters (plain));
  gtk_stack_set_visible_child (self->stack, self->fields_page);
}

/* --- the values of one --- */

static void
value_toggled_cb (GtkCheckButton *check, AcFilterPopover *self)
{
  const char *value = g_object_get_data (G_OBJECT (check), "ac-value");
  const char *const *chosen = get_chosen (self, self->filter);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) values = NULL;

  for (guint i = 0; chosen != NULL && chosen[i] != NULL; i++)
    if (g_strcmp0 (chosen[i], value) != 0)
      g_strv_builder_add (builder, chosen[i]);
  if (gtk_check_button_get_active (check))
    g_strv_builder_add (builder, value);
  values = g_strv_builder_end (builder);
  g_strfreev (self->wanted);
  self->wanted = g_steal_pointer (&values);
  /* The tick is seen at once, the list follows: one frame has no time for both. */
  ac_between_frames_start (self->applying);
  gtk_widget_set_sensitive (self->clear, get_chosen (self, self->filter) != NULL);
}

static void
add_value (AcFilterPopover *self, const char *value, const char *label, gint64 count)
{
  AcVocabulary vocabulary = ac_filter_vocabulary (self->filter);
  const char *text = vocabulary != AC_VOCABULARY_NONE ? ac_vocabulary_label (vocabulary, value)
                     : label != NULL                  ? label
                                                      : value;
  const char *const *chosen = get_chosen (self, self->filter);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *name = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 30);
  gtk_widget_set_hexpand (check, TRUE);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                               chosen != NULL && g_strv_contains (chosen, value));
  /* A label as the child of a check button comes with GTK 4.8. */
  gtk_check_button_set_child (GTK_CHECK_BUTTON (check), name);
  if (label != NULL)
    gtk_widget_set_tooltip_text (check, value);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  g_object_set_data_full (G_OBJECT (check), "ac-value", g_strdup (value), g_free);
  g_signal_connect (check, "toggled", G_CALLBACK (value_toggled_cb), self);
  gtk_box_append (GTK_BOX (box), check);
  if (count >= 0)
    {
      g_autofree char *number = ac_wording_number ((guint64)count);
      GtkWidget *shown = gtk_label_new (number);

      gtk_widget_add_css_class (shown, "dim-label");
      gtk_widget_add_css_class (shown, "numeric");
      gtk_box_append (GTK_BOX (box), shown);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_append (self->values, row);
}

static void
set_note (AcFilterPopover *self, const char *text)
{
  gtk_label_set_text (self->note, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), text != NULL);
}

static gboolean
has_value (const AcFilterValues *values, const char *value)
{
  for (guint i = 0; i < values->values->len; i++)
    if (g_strcmp0 (((AcFilterValue *)values->values->pdata[i])->value, value) == 0)
      return TRUE;
  return FALSE;
}

static void
values_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcFilterPopover) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcFilterValues) values =
      ac_action_source_load_values_finish (AC_ACTION_SOURCE (object), result, &error);
  const char *const *chosen;
  gboolean searching;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->tab == NULL)
    return;
  clear_list (self->values);
  if (values == NULL)
    {
      set_note (self, error->message);
      return;
    }
  searching = *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0';
  for (guint i = 0; i < values->values->len; i++)
    {
      const AcFilterValue *value = values->values->pdata[i];

      add_value (self, value->value, value->label, (gint64)value->count);
    }
  /* What was chosen can be taken back, also where nothing has it any more. */
  chosen = get_chosen (self, self->filter);
  for (guint i = 0; chosen != NULL && chosen[i] != NULL && !searching; i++)
    if (!has_value (values, chosen[i]))
      add_value (self, chosen[i], NULL, values->more ? -1 : 0);
  if (values->values->len == 0)
    set_note (self, _ ("There is nothing to choose from."));
  else
    set_note (self, values->more ? _ ("There are more. Type a part of what you look for.") : NULL);
}

static void
load_values (AcFilterPopover *self)
{
  AcActionSource *source = ac_action_tab_get_source (self->tab);

  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->cancellable, NULL);
  if (source == NULL)
    {
      set_note (self, _ ("There is no connection to a service."));
      return;
    }
  self->cancellable = g_cancellable_new ();
  ac_action_source_load_values_async (source, ac_action_tab_get_query (self->tab), self->filter,
                                      gtk_editable_get_text (GTK_EDITABLE (self->search)),
                                      self->cancellable, values_cb, g_object_ref (self));
}

static void
search_cb (AcFilterPopover *self)
{
  if (self->tab != NULL && gtk_stack_get_visible_child (self->stack) == self->values_page)
    load_values (self);
}

static void
field_cb (AcFilterPopover *self, GtkListBoxRow *row)
{
  apply (self);
  self->filter = (AcFilter)GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "ac-filter"));
  gtk_label_set_text (self->title, ac_filter_popover_get_title (self->filter));
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_set_sensitive (self->clear, get_chosen (self, self->filter) != NULL);
  clear_list (self->values);
  set_note (self, NULL);
  gtk_stack_set_visible_child (self->stack, self->values_page);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
  load_values (self);
}

static void
back_cb (AcFilterPopover *self)
{
  AcFilter filter = self->filter;

  apply (self);
  show_fields (self);
  for (int i = 0; gtk_list_box_get_row_at_index (self->fields, i) != NULL; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->fields, i);

      if (GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "ac-filter")) == (int)filter)
        gtk_widget_grab_focus (GTK_WIDGET (row));
    }
}

static void
clear_cb (AcFilterPopover *self)
{
  g_clear_pointer (&self->wanted, g_strfreev);
  ac_action_tab_set_filter (self->tab, self->filter, NULL);
  gtk_widget_set_sensitive (self->clear, FALSE);
  load_values (self);
}

static void
clear_all_cb (AcFilterPopover *self)
{
  g_clear_pointer (&self->wanted, g_strfreev);
  ac_action_tab_clear_filters (self->tab);
  show_fields (self);
}

static void
ac_filter_popover_dispose (GObject *object)
{
  AcFilterPopover *self = AC_FILTER_POPOVER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->applying, ac_between_frames_free);
  g_clear_pointer (&self->wanted, g_strfreev);
  g_clear_object (&self->tab);
  G_OBJECT_CLASS (ac_filter_popover_parent_class)->dispose (object);
}

static void
ac_filter_popover_class_init (AcFilterPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_filter_popover_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-filter-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, AcFilterPopover, stack);
  gtk_widget_class_bind_template_child (widget_class, AcFilterPopover, fields);
  gtk_widget_class_bind_template_child (widget_class, AcFilterPopover, clear_all);
  gtk_widget_class_bind_template_child (widget_class, AcFilterPopover, fields_page);
  gtk_widget_class_bind_template_child (widget_class, AcFilterPopover, values_page);
  gtk_widget_class_bind_template_child (widget_class, AcFilterPopover, back);
  gtk_widget_class_bind_template_child (widget_class, AcFilterPopover, title);
  gtk_widget_class_bind_template_child (widget_class, AcFilterPopover, clear);
  gtk_widget_class_bind_template_child (widget_class, AcFilterPopover, search);
  gtk_widget_class_bind_template_child (widget_class, AcFilterPopover, values);
  gtk_widget_class_bind_template_child (widget_class, AcFilterPopover, note);
  gtk_widget_class_bind_template_callback (widget_class, field_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_all_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
}

static void
ac_filter_popover_init (AcFilterPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->applying = ac_between_frames_new (GTK_WIDGET (self), apply_step);
  /* There are no more frames then. */
  g_signal_connect (self, "closed", G_CALLBACK (apply), NULL);
}

/**
 * ac_filter_popover_new:
 * @tab: what is filtered
 *
 * Returns: (transfer floating): a popover, to be thrown away when it is closed.
 */
GtkWidget *
ac_filter_popover_new (AcActionTab *tab)
{
  AcFilterPopover *self = g_object_new (AC_TYPE_FILTER_POPOVER, NULL);

  self->tab = g_object_ref (tab);
  show_fields (self);
  return GTK_WIDGET (self);
}
