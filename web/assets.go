package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/go-chi/chi/v5"
)

//go:embed assets
var assetFiles embed.FS

// assets are the files that pages load. The name in a URL has a digest of the content, so that browsers may keep a file for ever.
type assets struct {
	urls  map[string]string // by file name
	files map[string]asset  // by name in the URL
}

type asset struct {
	content   []byte
	mediaType string
}

func readAssets() (*assets, error) {
	list, err := assetFiles.ReadDir("assets")
	if err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	a := &assets{urls: map[string]string{}, files: map[string]asset{}}
	for _, entry := range list {
		content, err := assetFiles.ReadFile("assets/" + entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read asset %s: %w", entry.Name(), err)
		}
		if path.Ext(entry.Name()) == ".woff2" { // named first: the sheet refers to it
			a.add(entry.Name(), content)
		}
	}
	for _, name := range []string{"site.css", "site.js", "icon.svg"} {
		content, err := assetFiles.ReadFile("assets/" + name)
		if err != nil {
			return nil, fmt.Errorf("read asset %s: %w", name, err)
		}
		text := string(content)
		for file, address := range a.urls {
			text = strings.ReplaceAll(text, "url("+file+")", "url("+address+")")
		}
		a.add(name, []byte(text))
	}
	return a, nil
}

func (a *assets) add(name string, content []byte) {
	sum := sha256.Sum256(content)
	extension := path.Ext(name)
	hashed := strings.TrimSuffix(name, extension) + "-" + hex.EncodeToString(sum[:6]) + extension
	a.urls[name] = "/assets/" + hashed
	mediaType := mime.TypeByExtension(extension)
	if extension == ".woff2" { // unknown to systems without a list of types
		mediaType = "font/woff2"
	}
	a.files[hashed] = asset{content: content, mediaType: mediaType}
}

func (a *assets) serve(w http.ResponseWriter, r *http.Request) {
	file, known := a.files[chi.URLParam(r, "name")]
	if !known {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", file.mediaType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	// Nobody is left to tell when the reader has gone.
	_, _ = w.Write(file.content)
}
